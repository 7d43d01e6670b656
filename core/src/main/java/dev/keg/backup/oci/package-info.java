/**
 * Volumes in registries of container images: a volume is an image with one layer, which containerd
 * and podman can mount without Keg. A pulled image is a foreign archive: its digest is checked
 * while it is read, and {@code restore} trusts it no more than any other. Depends on {@code save}
 * and {@code restore}. No secret appears in a message or is sent to another host.
 */
@NullMarked
package dev.keg.backup.oci;

import org.jspecify.annotations.NullMarked;
