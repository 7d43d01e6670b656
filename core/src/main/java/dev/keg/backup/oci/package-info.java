/**
 * Volumes in registries of container images: a volume is an image with one layer, which containerd
 * and podman can mount without Keg. What is pulled is an archive from outside: its digest is
 * checked while it is read, and {@code restore} believes it no more than any other. Depends on
 * {@code save} and {@code restore}; no secret is in any message, and none is sent to a host that it
 * is not for.
 */
@NullMarked
package dev.keg.backup.oci;

import org.jspecify.annotations.NullMarked;
