// The room Flows: see Documentation/Architecture.md.
