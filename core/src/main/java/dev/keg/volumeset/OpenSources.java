package dev.keg.volumeset;

import dev.keg.lifecycle.ShownSnapshot;
import dev.keg.mountspec.MountSpec;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The sources of a set of mounts that stay open until all are made: snapshots, and the container's
 * own files, which fill volumes. Each is found by the target of its mount.
 */
final class OpenSources implements AutoCloseable {
  private final MountContext context;
  private final Map<String, ShownSnapshot> snapshots = new HashMap<>();
  private final Map<String, Publisher.Original> originals = new HashMap<>();

  OpenSources(MountContext context) {
    this.context = context;
  }

  /** Opens the snapshot of the specification, if it names one. */
  void openSnapshot(MountSpec spec) {
    if (spec instanceof MountSpec.Snapshot snapshot) {
      VolumeName name = context.registry().openFor("mount", snapshot.source().volume());
      SnapshotName wanted = snapshot.source().at().orElseThrow();
      snapshots.put(spec.target(), ShownSnapshot.open(context.services(), "mount", name, wanted));
    }
  }

  void openOriginal(MountSpec spec, Publisher publisher, ResolvedTarget target) {
    publisher.original(target).ifPresent(found -> originals.put(spec.target(), found));
  }

  Optional<Publisher.Original> original(MountSpec spec) {
    return Optional.ofNullable(originals.get(spec.target()));
  }

  /** The path of the snapshot's data on disk, which its driver may show elsewhere. */
  String place(MountSpec.Snapshot spec) {
    return shown(spec).home().data().toString();
  }

  MountContent content(MountSpec.Snapshot spec) {
    ShownSnapshot snapshot = shown(spec);
    return snapshot.shown().isPresent()
        ? new MountContent.Unattached(snapshot.data())
        : new MountContent.Tree(snapshot.data(), "");
  }

  private ShownSnapshot shown(MountSpec.Snapshot spec) {
    return Objects.requireNonNull(snapshots.get(spec.target()));
  }

  /** Closes everything, whatever fails; a second call does nothing. */
  @Override
  public void close() {
    List<Runnable> open = new ArrayList<>();
    originals.values().forEach(original -> open.add(original::close));
    snapshots.values().forEach(snapshot -> open.add(snapshot::close));
    originals.clear();
    snapshots.clear();
    RuntimeException failure = null;
    for (Runnable close : open) {
      try {
        close.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
