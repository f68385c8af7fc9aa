#ifndef WAYFIELD_MEMORY_H
#define WAYFIELD_MEMORY_H

/* Keeps freed memory in the process instead of handing it back page by page.

   Training allocates and frees arrays of megabytes thousands of times a second; by default glibc maps
   and unmaps each of them, which costs a seventh of the time (`bench --name mamrl-training`). Results
   do not depend on it. Does nothing with other C libraries. For a program's start; a library leaves
   this choice to its program. */
void wf_keep_freed_memory(void);

#endif
