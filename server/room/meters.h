/* What this layer counts; registered by dispatch_new(). Any thread. */
#ifndef AMPHI_ROOM_METERS_H
#define AMPHI_ROOM_METERS_H

#include "base/metrics.h"

extern struct metric meter_rooms, meter_members, meter_commands, meter_refused, meter_events,
    meter_runs, meter_busy;
void meters_register(void);

#endif
