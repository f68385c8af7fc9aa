#ifndef WAYFIELD_CKERNELS_H
#define WAYFIELD_CKERNELS_H
#include "MeanFieldKernels.h"
#include "Memory.h"
#include "NetworkKernels.h"
#include "ParticleKernels.h"
#endif
