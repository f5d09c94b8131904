#include "render/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sanitisers reserve terabytes of address space and look for leaks by a process of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITISED true
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#else
#define SANITISED false
#endif

static bool landlocked;

static bool fault(const char *what)
{
    fprintf(stderr, "amphi-render: %s: %s\n", what, strerror(errno));
    return false;
}

static bool become(const char *name)
{
    errno = 0;
    const struct passwd *user = getpwnam(name);
    if (user == NULL || user->pw_uid == 0)
        return fault("no such unprivileged user");
    if (setgroups(0, NULL) != 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
        setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
        return fault("cannot drop privileges");
    return setuid(0) != 0 || fault("privileges came back");
}

bool sandbox_drop(const struct sandbox_limits *limits)
{
    pid_t parent = getppid();
    if (close_range(3, ~0u, 0) != 0)
        return fault("close_range");
    if (geteuid() == 0 && !become(limits->user))
        return false;
    /* dies with the server's render thread; after the change of user, which clears it */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        return fault("the server is gone");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fault("prctl");
    return true;
}

static bool limit(int what, rlim_t most)
{
    struct rlimit now;
    if (getrlimit(what, &now) != 0)
        return fault("getrlimit");
    if (now.rlim_max < most) /* never above what was inherited */
        most = now.rlim_max;
    now = (struct rlimit){most, most};
    return setrlimit(what, &now) == 0 || fault("setrlimit");
}

static bool limit_all(const struct sandbox_limits *l)
{
    return (SANITISED || limit(RLIMIT_AS, (rlim_t)l->memory_mb << 20)) &&
           limit(RLIMIT_CPU, (rlim_t)l->cpu_seconds) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_NOFILE, HELPER_MAX_FILES + 64) && limit(RLIMIT_NPROC, 0) &&
           limit(RLIMIT_CORE, 0);
}

#define CALL(name) SCMP_SYS(name)

/* Newer libc asks for a descriptor's status by newfstatat(), which would have to be allowed with
 * any path. This stands before libc's for the libraries. */
int fstat(int fd, struct stat *out)
{
    return (int)syscall(SYS_fstat, fd, out);
}

int fstat64(int fd, struct stat64 *out)
{
    return (int)syscall(SYS_fstat, fd, out);
}

/* Everything that is not listed answers EPERM. No opening, no sockets, no processes, no threads. */
static bool allow_plain(scmp_filter_ctx filter)
{
    static const int calls[] = {
        CALL(read),
        CALL(pread64),
        CALL(readv),
        CALL(lseek),
        CALL(close),
        CALL(fstat),
        CALL(brk),
        CALL(munmap),
        CALL(mremap),
        CALL(madvise),
        CALL(futex),
        CALL(sched_yield),
        CALL(clock_gettime),
        CALL(gettimeofday),
        CALL(clock_getres),
        CALL(getrandom),
        CALL(getpid),
        CALL(geteuid),
        CALL(gettid),
        CALL(getrusage),
        CALL(rt_sigreturn),
        CALL(rt_sigaction),
        CALL(rt_sigprocmask),
        CALL(sigaltstack),
        CALL(restart_syscall),
        CALL(exit),
        CALL(exit_group),
    };
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    }
    return true;
}

static bool allow_with_arguments(scmp_filter_ctx f)
{
    /* not standard error: a document could fill the server's log with what poppler thinks of it */
    const struct scmp_arg_cmp stdout_only = SCMP_A0_32(SCMP_CMP_EQ, STDOUT_FILENO);
    const struct scmp_arg_cmp no_exec = SCMP_A2_32(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp me = SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)getpid());
    const struct scmp_arg_cmp dup = SCMP_A1_32(SCMP_CMP_EQ, F_DUPFD_CLOEXEC);
    const struct scmp_arg_cmp getfl = SCMP_A1_32(SCMP_CMP_EQ, F_GETFL);
    const struct scmp_arg_cmp setfd = SCMP_A1_32(SCMP_CMP_EQ, F_SETFD);
    const struct scmp_arg_cmp getfd = SCMP_A1_32(SCMP_CMP_EQ, F_GETFD);
    return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(write), 1, &stdout_only) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(mmap), 1, &no_exec) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(mprotect), 1, &no_exec) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(tgkill), 1, &me) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(fcntl), 1, &dup) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(fcntl), 1, &getfl) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(fcntl), 1, &setfd) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, CALL(fcntl), 1, &getfd) == 0;
}

/* The kernel's second way to the same end, for what a filter by call numbers may have overlooked:
 * no file, no TCP port, no signal. False: it is there and does not hold. */
static bool landlock_lock(void)
{
    struct {
        uint64_t files, ports, scopes;
    } rules = {0};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
    if (abi < 1) /* not in this kernel, or switched off */
        return true;
    rules.files = (1u << (13 + (abi >= 2) + (abi >= 3) + (abi >= 5))) - 1;
    rules.ports = abi >= 4 ? 3 : 0;
    rules.scopes = abi >= 6 ? 3 : 0;
    size_t size = abi < 4 ? 8 : abi < 6 ? 16 : 24;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (ruleset < 0 || syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        return false;
    close(ruleset);
    landlocked = syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0) < 0 && errno == EACCES;
    return landlocked;
}

bool sandbox_lock(const struct sandbox_limits *limits)
{
    signal(SIGXFSZ, SIG_IGN);
    if (!limit_all(limits))
        return false;
    if (!landlock_lock())
        return fault("landlock");
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = filter != NULL && allow_plain(filter) && allow_with_arguments(filter) &&
              seccomp_load(filter) == 0;
    if (filter != NULL)
        seccomp_release(filter);
    files_lock();
    return ok || fault("system call filter");
}

static int tried(const char *what, long result)
{
    bool refused = result < 0;
    dprintf(STDOUT_FILENO, "%s %s\n", what, refused ? strerrorname_np(errno) : "ALLOWED");
    return refused ? 0 : 1;
}

int sandbox_self_test(void)
{
    static char *const none[] = {NULL};
    struct stat status;
    struct statx extended;
    char link[64];
    int bad = 0;
    dprintf(STDOUT_FILENO, "landlock %s\n", landlocked ? "holds" : "is not in this kernel");
    bad += tried("open-write",
                 syscall(SYS_openat, AT_FDCWD, "/tmp/amphi-render-test", O_WRONLY | O_CREAT, 0600));
    bad += tried("open-read", syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0));
    bad += tried("open-libc", open("/etc/passwd", O_RDONLY));
    bad += tried("stat", stat("/etc/shadow", &status));
    bad += tried("stat-at", syscall(SYS_newfstatat, STDIN_FILENO, "/etc/shadow", &status, 0));
    bad += tried("stat-empty",
                 syscall(SYS_newfstatat, STDIN_FILENO, "/etc/shadow", &status, AT_EMPTY_PATH));
    bad += tried("statx", statx(AT_FDCWD, "/etc/shadow", 0, STATX_SIZE, &extended));
    bad += tried("access", access("/etc/shadow", F_OK));
    bad += tried("readlink", readlink("/proc/self/exe", link, sizeof link));
    bad += tried("unlink", unlink("/tmp/amphi-render-test"));
    bad += tried("socket", socket(AF_INET, SOCK_STREAM, 0));
    bad += tried("socket-unix", socket(AF_UNIX, SOCK_STREAM, 0));
    bad += tried("exec", execve("/bin/true", none, none));
    bad += tried("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    bad += tried("kill", kill(getppid(), 0));
    bad += tried("ptrace", syscall(SYS_ptrace, 16 /* PTRACE_ATTACH */, getppid(), 0, 0));
    bad += tried("setuid", setuid(0));
    void *code =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bad += tried("exec-memory", code == MAP_FAILED ? -1 : 0);
    void *much = mmap(NULL, (size_t)64 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bad += tried("much-memory", much == MAP_FAILED || SANITISED ? -1 : 0);
    errno = EPERM;
    bad += tried("be-root", geteuid() == 0 ? 0 : -1);
    return bad == 0 ? 0 : 1;
}
