/* The sizes and times of a stage. */
#ifndef AMPHI_MEDIA_LIMITS_H
#define AMPHI_MEDIA_LIMITS_H

#define MEDIA_RINGS        32      /* streams, each rung counted; more are left out */
#define MEDIA_TICK_US      100000  /* between two rounds, while viewers are few */
#define MEDIA_US_A_VIEWER  15      /* and what each adds: the next round waits for the last */
#define MEDIA_FRAME_BYTES  8192    /* of a frame to a viewer; other frames fit between two */
#define MEDIA_BUNDLE_MOST  65536   /* that one round gives a viewer */
#define MEDIA_LATE_MOST    16384   /* the same, of one that is behind */
#define MEDIA_FRESH_US     1000000 /* a key frame is, for whoever comes */
#define MEDIA_QUIET_US     1000000 /* without a record, while the other rung has some */
#define MEDIA_LATE_US      700000  /* behind for so long: picture is dropped */
#define MEDIA_BACKOFF_US   2000000 /* until a lost rung is tried again; doubles, to a minute */
#define MEDIA_BACKOFF_MOST 64000000
#define MEDIA_STEADY_US    60000000 /* without a loss: the wait is short again */

#endif
