#ifndef WAYFIELD_CCLP_SHIM_H
#define WAYFIELD_CCLP_SHIM_H
#include <coin/Clp_C_Interface.h>
#endif
