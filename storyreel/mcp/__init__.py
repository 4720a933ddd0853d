"""Storyreel for any assistant: the catalogue as MCP tools, spoken through the API with the same rights and the same consent."""
