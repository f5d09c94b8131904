/* The server without a database and with a feature that lets hosts publish, for the figures of live
 * media: studio [certificate key]. Says its port and session in a line; ends when its input does.
 */
#include "harness/studio.h"
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char id[ID_TEXT_SIZE], end;
    struct studio *s = studio_measured(argc > 2 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL);
    printf("{\"port\":%d,\"session\":\"%s\"}\n", s->port, id_text(&s->session, id));
    fflush(stdout);
    while (read(STDIN_FILENO, &end, 1) > 0)
        ;
    studio_close(s);
    return 0;
}
