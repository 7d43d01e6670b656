package dev.keg.cli.completion;

import dev.keg.attachment.Attachment;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.MountListing;
import java.util.List;
import java.util.stream.Stream;

/** The containers and machines that have volumes. Damaged records offer none. */
record Holders(Session session) {
  List<Candidate> containers() {
    return candidates(
        MountListing.of(session.mounts()).entries().stream().map(MountListing.Entry::container));
  }

  List<Candidate> machines() {
    return candidates(session.registry().names().stream().flatMap(this::machines));
  }

  /** The machines that have this volume. */
  List<Candidate> machinesWith(String volume) {
    return candidates(VolumeName.lookup(volume).stream().flatMap(this::machines));
  }

  private Stream<String> machines(VolumeName name) {
    try {
      return session.attachments().recorded(name).stream()
          .filter(Attachment.Disk.class::isInstance)
          .map(Attachment::holder);
    } catch (VolumeException _) {
      return Stream.of();
    }
  }

  private static List<Candidate> candidates(Stream<String> names) {
    return names.filter(name -> !name.isEmpty()).distinct().map(Candidate::of).toList();
  }
}
