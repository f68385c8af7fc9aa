// The room Routing: see Documentation/Architecture.md.
