package dev.keg.volumeset;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachments;
import dev.keg.attachment.MountTable;
import dev.keg.lifecycle.Services;
import dev.keg.publish.Publisher;
import dev.keg.registry.VolumeRegistry;
import dev.keg.tuning.KeptTuning;
import dev.keg.tuning.Tuner;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The dependencies of mounting.
 *
 * @param publisher called only to mount something
 * @param tuner called only for a volume with settings
 */
public record MountContext(
    Services services, Supplier<Publisher> publisher, Supplier<Tuner> tuner) {
  public VolumeRegistry registry() {
    return services.registry();
  }

  public Attachments attachments() {
    return services.attachments();
  }

  /** The settings to apply at each mount of a volume. */
  KeptTuning tuning() {
    return new KeptTuning(services, tuner);
  }

  MountTable system() {
    return attachments().system();
  }

  boolean isMounted(Path site) {
    return system().isMounted(site.toString());
  }

  /** The record of a mount made now on this host. */
  Attachment.Mount record(PlanOwner owner, Path site, boolean readOnly, boolean exclusive) {
    return new Attachment.Mount(
        owner.container(),
        site.toString(),
        readOnly,
        exclusive,
        services.clock().instant(),
        system().hostId(),
        system().bootId());
  }
}
