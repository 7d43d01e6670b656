package dev.keg.volume;

import java.time.Instant;

/**
 * What the registry keeps of a volume that docker does not have.
 *
 * @param description the operator's words; empty if there are none
 * @param updated when anything of this, the labels or the options last changed
 */
public record VolumeDetails(
    VolumeId id, String description, Instant updated, Host host, Protection protection) {
  /** Of a volume that is not in a registry, or whose description an older version wrote. */
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

  /** These details of another volume made now, which has its own id. */
  public VolumeDetails ofNew(VolumeId newId, Instant now, Host here) {
    return new VolumeDetails(newId, description, now, here, protection);
  }

  /** These details of a volume that is made again on this host. */
  public VolumeDetails ofSame(VolumeId sameId, Host here) {
    return new VolumeDetails(sameId, description, updated, here, protection);
  }

  /** These details after a change; the host stays if it is known. */
  public VolumeDetails changed(Instant now, Host here) {
    return new VolumeDetails(id, description, now, host.isKnown() ? host : here, protection);
  }
}
