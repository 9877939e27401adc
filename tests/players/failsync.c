/* A disk that fails: fsync and fdatasync answer EIO with the probability FAILSYNC_P, and note it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int fails(void)
{
    static unsigned int seed;
    const char *p = getenv("FAILSYNC_P"), *log = getenv("FAILSYNC_LOG");
    if (!p || !log)
        return 0;
    if (!seed)
        seed = (unsigned int)getpid();
    if (rand_r(&seed) >= atof(p) * RAND_MAX)
        return 0;
    int file = open(log, O_APPEND | O_CREAT | O_WRONLY, 0600);
    if (file >= 0) {
        if (write(file, "x", 1) < 0) {}
        close(file);
    }
    errno = EIO;
    return 1;
}

int fsync(int fd)
{
    return fails() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd)
{
    return fails() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
