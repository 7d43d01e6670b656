package dev.keg.cli.action;

import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.VolumeException;
import dev.keg.snapshot.Snapshotting;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeAt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The words after the action of {@code keg snapshot}: {@code db night} means {@code db@night}. */
public record SnapshotWords(Optional<String> volume, List<SnapshotName> names) {
  public static SnapshotWords of(Optional<String> volume, List<String> names) {
    List<SnapshotName> all = new ArrayList<>();
    Optional<VolumeAt> first = volume.map(VolumeAt::parse);
    first.flatMap(VolumeAt::at).ifPresent(all::add);
    names.stream().map(SnapshotName::new).forEach(all::add);
    return new SnapshotWords(first.map(VolumeAt::volume), all);
  }

  /** The volume, with a number of names in this range. */
  String requireVolume(String action, int least, int most) {
    String name = volume.orElseThrow(() -> new WrongUse(action + " requires a volume"));
    WrongUse.throwIf(names.size() < least, action + " requires the name of a snapshot");
    WrongUse.throwIf(
        names.size() > most,
        most == 1 ? action + " takes one snapshot" : action + " takes two snapshots");
    return name;
  }

  /** The snapshots of the volume, or of all volumes; only those with the given names, if any. */
  List<Snapshot> list(Session session, Consumer<VolumeException> problems) {
    Snapshotting snapshots = session.snapshots();
    if (volume.isEmpty()) {
      session.warnOfMissingRoot();
      return snapshots.list(problems);
    }
    return snapshots.list(volume.get(), names, problems);
  }
}
