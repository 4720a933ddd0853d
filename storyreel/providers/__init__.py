"""Who generates pictures, motion, voices, music and text: one file a vendor, routing, prices, and the built-ins."""
