// The room Reporting: see Documentation/Architecture.md.
