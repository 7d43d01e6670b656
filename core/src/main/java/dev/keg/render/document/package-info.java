/**
 * The documents: mounts of OCI runtimes and compose, arguments of QEMU, drives of Firecracker,
 * cloud-init, fstab and systemd units. Depends on {@code mountspec} and {@code machine}. Each
 * document is a pure function of its {@link dev.keg.render.document.Part}s; a part that it cannot
 * express is refused, never left out.
 */
@NullMarked
package dev.keg.render.document;

import org.jspecify.annotations.NullMarked;
