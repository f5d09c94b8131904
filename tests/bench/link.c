/* A line with a delay and losses between this machine and a program in a network of its own, by two
 * TUN devices: link ADDRESS DELAY_MS LOSS -- COMMAND…. The command is at 10.213.ADDRESS.2 from
 * here. Each packet waits DELAY_MS, either way, and of LOSS (0 to 1) is lost, but for those of who
 * comes from 10.213.ADDRESS.3. Packets of one way stay in order. Ends with the command, and ends
 * it. Needs root. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MOST 2048
#define HERE        1 /* the ends of addresses */
#define THERE       2
#define SPARED      3
#define WAITING     8192 /* of one way; more are lost */

struct packet {
    int64_t at_us;
    size_t len;
    unsigned char bytes[PACKET_MOST];
};

/* What is under way from one end to the other. */
struct way {
    int from, to;
    struct packet *ring;
    size_t first, end;
};

static double loss;
static int64_t delay_us;

static void die(const char *what)
{
    fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void set(int s, struct ifreq *r, unsigned long what, const char *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    inet_pton(AF_INET, address, &in.sin_addr);
    memcpy(&r->ifr_addr, &in, sizeof in);
    if (ioctl(s, what, r) != 0)
        die(address);
}

static void bring_up(struct ifreq *r, const char *address)
{
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (address) {
        set(s, r, SIOCSIFADDR, address);
        set(s, r, SIOCSIFNETMASK, "255.255.255.0");
    }
    if (ioctl(s, SIOCGIFFLAGS, r) != 0)
        die(r->ifr_name);
    r->ifr_flags |= IFF_UP | IFF_RUNNING;
    if (ioctl(s, SIOCSIFFLAGS, r) != 0)
        die(r->ifr_name);
    close(s);
}

/* Whether it is from or to the address that ends so: IPv4. */
static bool is_spared(const unsigned char *packet, size_t len)
{
    return len >= 20 && packet[0] >> 4 == 4 && (packet[15] == SPARED || packet[19] == SPARED);
}

/* A device of the network that this process is in now. */
static int tun(int n, int host)
{
    char address[32];
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &r) != 0)
        die("/dev/net/tun");
    snprintf(address, sizeof address, "10.213.%d.%d", n, host);
    bring_up(&r, address);
    if (host == HERE) {
        struct ifreq more = {0};
        snprintf(more.ifr_name, sizeof more.ifr_name, "%.12s:1", r.ifr_name);
        snprintf(address, sizeof address, "10.213.%d.%d", n, SPARED);
        bring_up(&more, address);
    }
    return fd;
}

static pid_t start(char **command)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(command[0], command);
    die(command[0]);
    return -1;
}

static void take(struct way *w)
{
    unsigned char bytes[PACKET_MOST];
    for (ssize_t len; (len = read(w->from, bytes, sizeof bytes)) > 0;) {
        bool spared = is_spared(bytes, (size_t)len);
        if (spared)
            (void)!write(w->to, bytes, (size_t)len);
        if (spared || drand48() < loss || w->end - w->first == WAITING)
            continue;
        struct packet *p = &w->ring[w->end++ % WAITING];
        p->at_us = now_us() + delay_us;
        p->len = (size_t)len;
        memcpy(p->bytes, bytes, p->len);
    }
}

/* When the next one is due. */
static int64_t give(struct way *w, int64_t next)
{
    for (; w->first < w->end; w->first++) {
        struct packet *p = &w->ring[w->first % WAITING];
        if (p->at_us > now_us())
            return p->at_us < next ? p->at_us : next;
        (void)!write(w->to, p->bytes, p->len);
    }
    return next;
}

static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
    ended = signal;
}

static void carry(struct way ways[2], pid_t child)
{
    int status;
    while (waitpid(child, &status, WNOHANG) == 0) {
        int64_t now = now_us(), next = give(&ways[1], give(&ways[0], now + 100000));
        struct pollfd fds[2] = {{.fd = ways[0].from, .events = POLLIN},
                                {.fd = ways[1].from, .events = POLLIN}};
        int64_t wait = next - now_us() > 0 ? next - now_us() : 0;
        struct timespec t = {.tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000};
        ppoll(fds, 2, &t, NULL);
        take(&ways[0]);
        take(&ways[1]);
        if (ended && ended != SIGCHLD) {
            kill(child, ended);
            ended = 0;
        }
    }
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int main(int argc, char **argv)
{
    if (argc < 6 || strcmp(argv[4], "--") != 0) {
        fprintf(stderr, "link ADDRESS DELAY_MS LOSS -- COMMAND…\n");
        return 1;
    }
    int n = atoi(argv[1]);
    delay_us = (int64_t)(atof(argv[2]) * 1000);
    loss = atof(argv[3]);
    srand48(7);
    for (int s = 0; s < 3; s++)
        signal((int[]){SIGTERM, SIGINT, SIGCHLD}[s], on_signal);
    int here = tun(n, HERE);
    if (unshare(CLONE_NEWNET) != 0)
        die("unshare");
    bring_up(&(struct ifreq){.ifr_name = "lo"}, NULL);
    int there = tun(n, THERE);
    struct way ways[2] = {{here, there, calloc(WAITING, sizeof(struct packet)), 0, 0},
                          {there, here, calloc(WAITING, sizeof(struct packet)), 0, 0}};
    carry(ways, start(argv + 5));
}
