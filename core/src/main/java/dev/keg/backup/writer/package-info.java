/**
 * Programs that write to a volume and are stopped while it is read: containers of docker or podman,
 * units of systemd. Whatever is stopped is started again, whatever happens to this process.
 */
@NullMarked
package dev.keg.backup.writer;

import org.jspecify.annotations.NullMarked;
