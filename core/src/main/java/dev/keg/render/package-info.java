/**
 * A resolved volume set as other programs read it: OCI runtimes, QEMU, cloud-init, fstab, systemd,
 * Firecracker, compose and the Host Compute Service. Depends on {@code volumeset}, {@code
 * mountspec}, {@code machine}, {@code attachment}, {@code driver} and {@code registry}. A document
 * is a pure function of its {@link dev.keg.render.Part}s; what it has no words for is refused,
 * never left out; and nothing is made or changed to print one.
 */
@NullMarked
package dev.keg.render;

import org.jspecify.annotations.NullMarked;
