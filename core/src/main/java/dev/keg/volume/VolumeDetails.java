package dev.keg.volume;

import java.time.Instant;

/**
 * The registry's details of a volume that docker does not have.
 *
 * @param description the operator's text; empty if there is none
 * @param updated when any of the details, the labels or the options last changed
 */
public record VolumeDetails(
    VolumeId id, String description, Instant updated, Host host, Protection protection) {
  /** For a volume that is not in a registry, or whose description an older version wrote. */
  static VolumeDetails derived(VolumeName name, Instant created) {
    return new VolumeDetails(
        VolumeId.derived(name, created), "", created, Host.UNKNOWN, Protection.none());
  }

  public VolumeDetails withDescription(String text) {
    return new VolumeDetails(id, text, updated, host, protection);
  }

  public VolumeDetails withProtection(Protection other) {
    return new VolumeDetails(id, description, updated, host, other);
  }

  /** These details for another volume created now, which has its own id. */
  public VolumeDetails ofNew(VolumeId newId, Instant now, Host here) {
    return new VolumeDetails(newId, description, now, here, protection);
  }

  /** These details for a volume that is recreated on this host. */
  public VolumeDetails ofSame(VolumeId sameId, Host here) {
    return new VolumeDetails(sameId, description, updated, here, protection);
  }

  /** These details after a change; a known host stays. */
  public VolumeDetails changed(Instant now, Host here) {
    return new VolumeDetails(id, description, now, host.isKnown() ? host : here, protection);
  }
}
