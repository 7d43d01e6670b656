package dev.keg.attachment;

import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.attachment.MountTable.OutsideMount;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Decides what may be done with a volume while others hold it:
 *
 * <table>
 * <caption>What each use tolerates</caption>
 * <tr><th>use<th>a mount of another holder<th>a machine<th>an unrecorded mount<th>a stray
 * <tr><td>remove, rename, replace the data<td>no<td>no<td>no<td>no
 * <tr><td>change the size<td>on this host<td>no<td>the driver decides<td>if mounted here, too
 * <tr><td>copy<td>a reader, or one whose file system can be frozen<td>a reader
 *     <td>if it can be frozen<td>if it can be frozen
 * <tr><td>attach to a machine<td>if both only read<td>if both only read<td>beside a holder<td>no
 * <tr><td>mount<td>unless one requires to be the only writer<td>if both only read<td>yes
 *     <td>if mounted here, too
 * </table>
 *
 * <p>An unrecorded mount is one in the volume's directory; a stray is one of the volume's data at a
 * place that no record names, in any mount namespace.
 *
 * <p>The caller holds the volume's lock.
 */
public final class Conflicts {
  private final Attachments attachments;

  public Conflicts(Attachments attachments) {
    this.attachments = attachments;
  }

  /** Refuses to remove or rename a volume that somebody holds. */
  public void refuseHeld(String operation, VolumeName name) {
    refuse(operation, name, _ -> true);
    refuseStrays(operation, name);
  }

  /** Refuses to take a volume away from holders that do not match. */
  public void refuseOthers(String operation, VolumeName name, Predicate<Attachment> own) {
    refuse(operation, name, own.negate());
  }

  /**
   * Refuses to remove or move a snapshot, or the directory of all snapshots, if any of them is
   * mounted.
   */
  public void refuseMountedSnapshots(String operation, String subject, Path snapshots) {
    if (Files.isDirectory(snapshots, LinkOption.NOFOLLOW_LINKS)) {
      List<String> places = attachments.mounts().of(snapshots);
      if (!places.isEmpty()) {
        throw new SnapshotInUse(operation, subject, places);
      }
    }
  }

  /** Whether nobody, as far as known, can write to the directory with the volume's data. */
  public boolean isStill(VolumeName name) {
    return attachments.currentForSure(name).stream().allMatch(Attachment::readOnly)
        && attachments.strays(name, Reach.EVERYWHERE).isEmpty();
  }

  /** Refuses to replace the data while anybody but this holder uses it. */
  public void refuseReplacing(
      String operation, VolumeName name, Predicate<Attachment> own, Optional<Path> mountpoint) {
    refuse(operation, name, own.negate());
    // The driver's own mount is the volume itself; a mount below it belongs to somebody else.
    refuseMounts(operation, name, mount -> mountpoint.filter(mount.target()::equals).isEmpty());
    refuseStrays(operation, name);
  }

  /**
   * Refuses to change the size of a volume that a machine has, or that is mounted where this host's
   * driver does not see it: on another host, or in another namespace.
   */
  public void refuseResizing(String operation, VolumeName name) {
    refuse(operation, name, Predicate.not(attachments::isMountedHere));
    refuseOnlyStrays(operation, name);
  }

  /**
   * Refuses a volume whose file system is mounted only where the driver would not look: the driver
   * would assume that it is unmounted, and mount it a second time or change it.
   */
  public void refuseOnlyStrays(String operation, VolumeName name) {
    if (attachments.mounts().inside(name).isEmpty()) {
      refuseStrays(operation, name);
    }
  }

  /** Refuses a volume whose data is mounted at unrecorded places, in any namespace. */
  public void refuseStrays(String operation, VolumeName name) {
    List<String> places =
        attachments.lastingStrays(name).stream().map(OutsideMount::toString).toList();
    if (!places.isEmpty()) {
      throw ActiveMounts.elsewhere(operation, name.text(), places);
    }
  }

  /** How data can be copied while it is mounted. */
  public enum CopySource {
    /** A directory: only beside readers. */
    DIRECTORY,
    /** A file system that can be frozen: beside all mounts on this host. */
    FREEZING,
    /** A disk: not even beside readers, whose mount may still flush earlier writes. */
    DISK
  }

  /** Refuses to copy a volume that somebody may write to meanwhile. */
  public void refuseCopying(String operation, VolumeName name, CopySource source) {
    refuseCopying(operation, name, source, Conflicts::release);
  }

  /** The same for a copy that {@code keg backup --qmp} can replace while a machine has the disk. */
  public void refuseSaving(String operation, VolumeName name, CopySource source) {
    refuseCopying(operation, name, source, Conflicts::releaseOrCopy);
  }

  private void refuseCopying(
      String operation,
      VolumeName name,
      CopySource source,
      BiFunction<VolumeName, Attachment, String> release) {
    refuse(operation, name, holder -> !canStay(holder, source), release);
    if (source == CopySource.FREEZING) {
      refuseOnlyStrays(operation, name);
    } else {
      refuseMounts(operation, name);
      refuseStrays(operation, name);
    }
  }

  private boolean canStay(Attachment holder, CopySource source) {
    return switch (holder) {
      case Attachment.Disk disk -> disk.readOnly();
      case Attachment.Mount mount ->
          switch (source) {
            case DIRECTORY -> mount.readOnly();
            case FREEZING -> attachments.isMountedHere(mount);
            case DISK -> false;
          };
    };
  }

  /** Refuses to attach a volume to a machine beside other holders, unless all of them only read. */
  public void refuseAttaching(String operation, VolumeName name, boolean readOnly) {
    refuse(operation, name, other -> !(other.readOnly() && readOnly));
    // A killed mount leaves its file system mounted without a record.
    if (attachments.current(name).isEmpty()) {
      refuseMounts(operation, name);
    }
    refuseStrays(operation, name);
  }

  /** Refuses a mount for this holder beside others that it conflicts with. */
  public void refuseMounting(VolumeName name, Attachment.Mount holder) {
    refuse("mount", name, other -> !other.isSameHold(holder) && excludes(other, holder));
  }

  // A machine's kernel and the host's cannot mount the same file system, unless both only read.
  private static boolean excludes(Attachment other, Attachment.Mount holder) {
    return switch (other) {
      case Attachment.Disk disk -> !(disk.readOnly() && holder.readOnly());
      case Attachment.Mount mount ->
          (holder.exclusive() && !mount.readOnly()) || (mount.exclusive() && !holder.readOnly());
    };
  }

  private void refuse(String operation, VolumeName name, Predicate<Attachment> conflicting) {
    refuse(operation, name, conflicting, Conflicts::release);
  }

  private void refuse(
      String operation,
      VolumeName name,
      Predicate<Attachment> conflicting,
      BiFunction<VolumeName, Attachment, String> release) {
    List<Attachment> holders =
        attachments.currentForSure(name).stream().filter(conflicting).toList();
    if (!holders.isEmpty()) {
      throw new InUse(
          operation,
          name.text(),
          holders.stream().map(Attachment::holder).distinct().toList(),
          holders.stream().map(holder -> release.apply(name, holder)).distinct().toList());
    }
  }

  private static String releaseOrCopy(VolumeName name, Attachment holder) {
    return holder instanceof Attachment.Disk disk
        ? "`keg detach %s %s`, or copy its disk while it runs: `keg backup --qmp SOCKET %s`"
            .formatted(name, disk.machine(), name)
        : release(name, holder);
  }

  private static String release(VolumeName name, Attachment holder) {
    return switch (holder) {
      case Attachment.Disk disk -> "keg detach %s %s".formatted(name, disk.machine());
      case Attachment.Mount mount when mount.container().isEmpty() -> "keg unmount " + name;
      case Attachment.Mount mount -> "keg unmount --container " + mount.container();
    };
  }

  /** Refuses a volume with any mount on or below it, whether or not somebody holds it. */
  public void refuseMounts(String operation, VolumeName name) {
    refuseMounts(operation, name, _ -> true);
  }

  private void refuseMounts(String operation, VolumeName name, Predicate<MountPoint> conflicting) {
    List<String> targets =
        attachments.mounts().inside(name).stream()
            .filter(conflicting)
            .map(mount -> mount.target().toString())
            .toList();
    if (!targets.isEmpty()) {
      throw new ActiveMounts(operation, name.text(), targets);
    }
  }
}
