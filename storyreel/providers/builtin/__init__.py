"""The providers that need no key: a painter, a camera, voices and a composer."""
