#include "room/meters.h"

struct metric meter_rooms = METRIC_GAUGE("amphi_room_rooms", "Rooms in memory");
struct metric meter_members = METRIC_GAUGE("amphi_room_members", "Connections that joined a room");
struct metric meter_commands =
    METRIC_COUNTER("amphi_room_commands_total", "Commands handed to a room");
struct metric meter_refused =
    METRIC_COUNTER("amphi_room_refused_total", "Commands refused before a handler saw them");
struct metric meter_events = METRIC_COUNTER("amphi_room_events_total", "Events published");
struct metric meter_runs =
    METRIC_COUNTER("amphi_room_runs_total", "Payloads handed to connections");
struct metric meter_busy =
    METRIC_COUNTER("amphi_room_busy_total", "Commands and joins refused for want of room");

void meters_register(void)
{
    static struct metric *const all[] = {&meter_rooms,   &meter_members, &meter_commands,
                                         &meter_refused, &meter_events,  &meter_runs,
                                         &meter_busy};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        metric_register(all[i]);
}
