package dev.keg.attachment;

import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.file.Absence;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.registry.Catalog;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.Place;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The holders of each volume. Changing them requires the volume's lock. */
public final class Attachments {
  /** How many times strays are looked for before they count as lasting. */
  private static final int LOOKS = 25;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final VolumeRegistry registry;
  private final Supplier<MountTable> system;
  private @Nullable MountTable mountTable;

  /** The mount table is read only if there are records to compare with it. */
  public Attachments(VolumeRegistry registry, Supplier<MountTable> system) {
    this.registry = registry;
    this.system = system;
  }

  /** All records, void or not, the oldest first. */
  public List<Attachment> recorded(VolumeName name) {
    return recorded(name, registry.layout().home(name));
  }

  private List<Attachment> recorded(VolumeName name, VolumeHome home) {
    List<Attachment> attachments = recordedHere(name, home);
    registry
        .catalog()
        .heldElsewhere(name)
        .forEach(holder -> attachments.add(AttachmentFile.elsewhere(name, holder)));
    attachments.sort(Attachment::compareAge);
    return attachments;
  }

  private List<Attachment> recordedHere(VolumeName name, VolumeHome home) {
    Path directory = registry.layout().attachments(home);
    return FileFailures.translate(
        "read attachments of " + name,
        directory,
        () -> {
          List<Attachment> attachments = new ArrayList<>();
          for (Path file : DirectoryEntries.of(directory)) {
            read(name, file, attachments);
          }
          return attachments;
        });
  }

  // A holder may leave meanwhile.
  private static void read(VolumeName name, Path file, List<Attachment> attachments)
      throws IOException {
    try {
      byte[] content = SmallFile.read(file);
      if (!isTorn(content)) {
        attachments.add(AttachmentFile.read(name, file, content));
      }
    } catch (NoSuchFileException e) {
      return;
    }
  }

  // Records of mounts are not synced. After a power failure that leaves one empty or zeroed, the
  // mount is gone, too.
  private static boolean isTorn(byte[] content) {
    for (byte b : content) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The current holders. A moved mount is shown at its new place, or at another moved one's. */
  public List<Attachment> current(VolumeName name) {
    return current(name, recorded(name));
  }

  /** The current holders of the volume in this home. */
  public List<Attachment> current(VolumeName name, VolumeHome home) {
    return current(name, recorded(name, home));
  }

  /** The other holders, apart from one whose use of the data is about to end. */
  public List<Attachment> others(VolumeName name, Attachment.Mount leaving) {
    return current(
        name, recorded(name).stream().filter(holder -> !holder.isSameHold(leaving)).toList());
  }

  /**
   * The current holders, before an operation that would harm one: reads other mount namespaces
   * again if a hold seems to have ended or a mount to be left behind.
   */
  List<Attachment> currentForSure(VolumeName name) {
    List<Attachment> recorded = recorded(name);
    if (recorded.stream().allMatch(this::isCurrent) && leftBehind(name, recorded).isEmpty()) {
      return recorded;
    }
    system().refresh();
    return current(name, recorded);
  }

  private List<Attachment> current(VolumeName name, List<Attachment> recorded) {
    List<Attachment> current = new ArrayList<>();
    List<Attachment.Mount> lost = new ArrayList<>();
    List<Attachment.Mount> left = leftBehind(name, recorded);
    for (Attachment holder : recorded) {
      if (left.contains(holder)) {
        continue;
      }
      if (isCurrent(holder)) {
        current.add(holder);
      } else if (holder instanceof Attachment.Mount mount && isOfNow(mount)) {
        lost.add(mount);
      }
    }
    if (!lost.isEmpty()) {
      current.addAll(moved(lost, strays(name, Reach.HERE, recorded)));
      current.sort(Attachment::compareAge);
    }
    return current;
  }

  private static List<Attachment> moved(List<Attachment.Mount> lost, List<OutsideMount> strays) {
    List<Attachment> moved = new ArrayList<>();
    for (int i = 0; i < lost.size() && !strays.isEmpty(); i++) {
      OutsideMount stray = strays.get(Math.min(i, strays.size() - 1));
      moved.add(lost.get(i).movedTo(stray.target()));
    }
    return moved;
  }

  private boolean isOfNow(Attachment.Mount mount) {
    return mount.host().equals(system().hostId()) && mount.boot().equals(system().bootId());
  }

  /** The mounts of the volume's data at unrecorded places: moved ones, and those of others. */
  public List<OutsideMount> strays(VolumeName name, Reach reach) {
    return strays(name, reach, recorded(name));
  }

  /**
   * The strays that persist for more than a moment. A starting container has a copy of each of the
   * host's mounts until it switches to its own root; those of an ended one disappear a little
   * later.
   */
  public List<OutsideMount> lastingStrays(VolumeName name) {
    List<OutsideMount> strays = strays(name, Reach.EVERYWHERE);
    for (int look = 1; look < LOOKS && !strays.isEmpty(); look++) {
      List<OutsideMount> again = straysLater(name);
      // One check can miss a namespace, if the process in it just made way for another one.
      if (again.isEmpty() && straysLater(name).isEmpty()) {
        return again;
      }
      strays = again.isEmpty() ? strays : again;
    }
    return strays;
  }

  private List<OutsideMount> straysLater(VolumeName name) {
    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    system().refresh();
    return strays(name, Reach.EVERYWHERE);
  }

  private List<OutsideMount> strays(VolumeName name, Reach reach, List<Attachment> recorded) {
    Set<String> known =
        recorded.stream()
            .filter(Attachment.Mount.class::isInstance)
            .map(Attachment.Mount.class::cast)
            .filter(this::isOfNow)
            .map(Attachment.Mount::target)
            .collect(Collectors.toSet());
    return mounts().outside(name, reach).stream()
        .filter(mount -> !known.contains(mount.target()))
        .toList();
  }

  /**
   * Whether the record is still valid. A mount of this host is valid until the next boot as long as
   * a mount table contains it, in this or another mount namespace. A mount of another host cannot
   * be checked and counts as valid.
   */
  public boolean isCurrent(Attachment attachment) {
    return switch (attachment) {
      case Attachment.Disk _ -> true;
      case Attachment.Mount mount ->
          !mount.host().equals(system().hostId()) || (isOfNow(mount) && isMounted(mount.target()));
    };
  }

  /**
   * The mounts whose engine has ended without unmounting them, unless some mount namespace has the
   * data: an engine's containers may outlive it. They do not count as holders.
   */
  public List<Attachment.Mount> leftBehind(VolumeName name) {
    return leftBehind(name, recordedHere(name, registry.layout().home(name)));
  }

  private List<Attachment.Mount> leftBehind(VolumeName name, List<Attachment> recorded) {
    List<Attachment.Mount> left =
        recorded.stream()
            .filter(Attachment.Mount.class::isInstance)
            .map(Attachment.Mount.class::cast)
            .filter(mount -> mount.engine().isPresent() && isOfNow(mount))
            .filter(mount -> mount.engine().filter(system()::hasEnded).isPresent())
            .toList();
    return left.isEmpty() || strays(name, Reach.EVERYWHERE, recorded).isEmpty() ? left : List.of();
  }

  /** Whether it is a mount on this host that drivers in this process see. */
  public boolean isMountedHere(Attachment holder) {
    return holder instanceof Attachment.Mount mount
        && mount.host().equals(system().hostId())
        && system().isMounted(mount.target());
  }

  private boolean isMounted(String target) {
    return system().isMounted(target)
        || system().processWith(registry.layout().root().resolve(target)).isPresent();
  }

  /** The id of a hold; the same holder at the same place always has the same id. */
  public static String id(Attachment attachment) {
    return AttachmentFile.id(attachment).toString();
  }

  /** When somebody last began or ended to hold the volume; empty if nobody ever did. */
  public Optional<Instant> lastChange(VolumeName name) {
    return lastChange(name, registry.layout().home(name));
  }

  /** When somebody last began or ended to hold the volume in this home. */
  public Optional<Instant> lastChange(VolumeName name, VolumeHome home) {
    Path directory = registry.layout().attachments(home);
    return FileFailures.translate(
        "examine attachments of " + name,
        directory,
        () -> {
          if (Absence.of(directory)) {
            return Optional.empty();
          }
          try {
            return Optional.of(Files.getLastModifiedTime(directory).toInstant());
          } catch (NoSuchFileException _) {
            return Optional.empty();
          }
        });
  }

  /**
   * Makes a change to the holders that does not count as a use, such as a mount to examine the
   * data. The caller holds the volume's lock.
   *
   * @param before the time of the last use if nobody ever held it
   */
  public void unnoticed(VolumeName name, Instant before, Runnable change) {
    Instant used = lastChange(name).orElse(before);
    change.run();
    try {
      Files.setLastModifiedTime(directory(name), FileTime.from(used));
    } catch (IOException _) {
      // It then counts as used now.
    }
  }

  public void add(VolumeName name, Attachment attachment) {
    Catalog catalog = registry.catalog();
    catalog.changing(name);
    catalog.hold(name, AttachmentFile.name(attachment), AttachmentFile.write(attachment));
    add(name, registry.layout().home(name), attachment);
    catalog.held(name);
  }

  /** Adds the holder to the home of a volume that is not published yet. */
  public void add(VolumeName name, VolumeHome home, Attachment attachment) {
    Path directory = registry.layout().attachments(home);
    String file = AttachmentFile.name(attachment);
    byte[] content = AttachmentFile.write(attachment);
    switch (attachment) {
      case Attachment.Mount _ -> registry.files().note(name, directory, file, content);
      case Attachment.Disk _ -> registry.files().write(name, directory, file, content);
    }
  }

  /** Removes the holder; a missing record is not an error. */
  public void remove(VolumeName name, Attachment attachment) {
    remove(name, attachment, () -> {});
  }

  /**
   * The same after running the work that ends the use of the data: if it fails or is killed, the
   * data may still be mounted, and other hosts must not use it.
   */
  public void remove(VolumeName name, Attachment attachment, Runnable end) {
    Path directory = directory(name);
    String file = AttachmentFile.name(attachment);
    registry.catalog().changing(name);
    end.run();
    switch (attachment) {
      case Attachment.Mount _ -> registry.files().eraseNote(name, directory, file);
      case Attachment.Disk _ -> registry.files().erase(name, directory, file);
    }
    registry.catalog().released(name);
  }

  public VolumeMounts mounts() {
    return new VolumeMounts(
        registry.layout().places().present().stream().map(Place::volumes).toList(), system());
  }

  /** The mount table that records are compared with. */
  public synchronized MountTable system() {
    if (mountTable == null) {
      mountTable = system.get();
    }
    return mountTable;
  }

  private Path directory(VolumeName name) {
    return registry.layout().attachments(registry.layout().home(name));
  }
}
