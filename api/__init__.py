"""HTTP, SSE and MCP: parse, authenticate, call one function, answer."""
