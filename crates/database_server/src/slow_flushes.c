/* Makes every flush of a program take the same time, as on a disk that is farther away: preloaded into a database server.
   Nothing is flushed, so the disk of this machine does not matter. What the program has written survives its crash all the
   same, but not that of the machine. RESTOCK_FLUSH_US says how many microseconds a flush takes. */
#include <stdlib.h>
#include <time.h>

static struct timespec duration;

__attribute__((constructor)) static void read_duration(void) {
    const char *text = getenv("RESTOCK_FLUSH_US");
    long microseconds = text ? atol(text) : 0;
    duration.tv_sec = microseconds / 1000000;
    duration.tv_nsec = microseconds % 1000000 * 1000;
}

int fsync(int file) {
    (void)file;
    nanosleep(&duration, NULL);
    return 0;
}

int fdatasync(int file) {
    return fsync(file);
}
