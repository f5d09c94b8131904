#ifndef AMPHI_VERSION_H
#define AMPHI_VERSION_H

#define AMPHI_VERSION "0.1.0"

#endif
