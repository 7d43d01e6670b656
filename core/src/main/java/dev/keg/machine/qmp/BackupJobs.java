package dev.keg.machine.qmp;

import dev.keg.json.JsonObject;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.DiskRoom;
import dev.keg.machine.Plug;
import dev.keg.machine.qmp.GuestAgent.Still;
import dev.keg.machine.qmp.QmpException.Failure;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Copies disks by QEMU jobs, all started by a single transaction: from then on, data that the
 * machine overwrites is copied first. The jobs and the nodes of the targets have recognisable
 * names, so that a killed command's remains are found.
 */
final class BackupJobs {
  private static final int PAUSE_MS = 100;

  private final QmpConnection qemu;
  private final List<Plug> disks;

  BackupJobs(QmpConnection qemu, List<Plug> disks) {
    this.qemu = qemu;
    this.disks = List.copyOf(disks);
  }

  private static String job(Plug disk) {
    return "keg-backup-" + disk.drive();
  }

  private static String target(Plug disk) {
    return "keg-to-" + disk.drive();
  }

  /**
   * Copies the disks as they are while the guest's file systems are frozen; returns the amount for
   * each.
   */
  List<Size> run(List<DiskCopy> copies, Optional<GuestAgent> guest, LongConsumer copied)
      throws IOException {
    List<JsonObject> actions = new ArrayList<>();
    for (DiskCopy copy : copies) {
      DiskNode source = DiskNode.find(qemu, copy.plug());
      qemu.execute("blockdev-add", node(copy));
      copy.next()
          .map(source::begin)
          .ifPresent(bitmap -> actions.add(action("block-dirty-bitmap-add", bitmap)));
      actions.add(action("blockdev-backup", backup(copy, source)));
    }
    try (Still _ = guest.isPresent() ? guest.get().freeze() : Still.UNASKED) {
      qemu.execute("transaction", new JsonObject().objects("actions", actions));
    }
    long done = 0;
    while (true) {
      List<Map<?, ?>> jobs = jobs();
      long now = jobs.stream().mapToLong(BackupJobs::progress).sum();
      copied.accept(Math.max(0, now - done));
      done = Math.max(done, now);
      if (jobs.stream().allMatch(BackupJobs::isConcluded)) {
        requireGood(jobs);
        return copies.stream().map(copy -> copied(copy, jobs)).toList();
      }
      requireRoom(copies);
      pause();
    }
  }

  private static JsonObject action(String type, JsonObject data) {
    return new JsonObject().put("type", type).put("data", data);
  }

  /** Leaves the bitmap unchanged, so that a backup that fails later loses nothing. */
  private static JsonObject backup(DiskCopy copy, DiskNode source) {
    JsonObject job =
        new JsonObject()
            .put("job-id", job(copy.plug()))
            .put("device", source.name())
            .put("target", target(copy.plug()))
            .put("sync", copy.since().isPresent() ? "bitmap" : "full")
            .put("auto-dismiss", false);
    copy.since().ifPresent(since -> job.put("bitmap", since).put("bitmap-mode", "never"));
    return job;
  }

  private static Size copied(DiskCopy copy, List<Map<?, ?>> jobs) {
    return new Size(
        jobs.stream()
            .filter(job -> job(copy.plug()).equals(job.get("id")))
            .mapToLong(BackupJobs::progress)
            .sum());
  }

  // If a copy cannot store what the machine overwrites, QEMU fails the machine's own write.
  private static void requireRoom(List<DiskCopy> copies) throws IOException {
    for (DiskCopy copy : copies) {
      if (DiskRoom.isLow(Files.getFileStore(copy.target()))) {
        throw new QmpException(
            Failure.REFUSED, "the file system of " + copy.target() + " is almost full");
      }
    }
  }

  private JsonObject node(DiskCopy copy) {
    return new JsonObject()
        .put("driver", copy.since().map(_ -> "qcow2").orElseGet(() -> driver(copy)))
        .put("node-name", target(copy.plug()))
        .put("discard", "unmap")
        .put("detect-zeroes", "unmap")
        .put(
            "file",
            new JsonObject().put("driver", "file").put("filename", copy.target().toString()));
  }

  private static String driver(DiskCopy copy) {
    return DiskNode.driver(copy.plug().disk());
  }

  private Set<String> nodes() throws IOException {
    Set<String> names = new HashSet<>();
    for (Map<?, ?> node : DiskNode.all(qemu)) {
      names.add(String.valueOf(node.get("node-name")));
    }
    return names;
  }

  /** Keg's jobs in QEMU. */
  private List<Map<?, ?>> jobs() throws IOException {
    Set<String> ours = new HashSet<>(disks.stream().map(BackupJobs::job).toList());
    List<Map<?, ?>> jobs = new ArrayList<>();
    for (Map<?, ?> job : QmpMachine.maps(qemu.execute("query-jobs", new JsonObject()))) {
      if (ours.contains(String.valueOf(job.get("id")))) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  private static long progress(Map<?, ?> job) {
    try {
      return Long.parseLong(String.valueOf(job.get("current-progress")));
    } catch (NumberFormatException _) {
      return 0; // only for progress
    }
  }

  private static boolean isConcluded(Map<?, ?> job) {
    return "concluded".equals(job.get("status"));
  }

  private void requireGood(List<Map<?, ?>> jobs) throws QmpException {
    Optional<Object> error =
        jobs.stream().<Object>map(job -> job.get("error")).filter(e -> e != null).findFirst();
    if (error.isPresent() || jobs.size() != disks.size()) {
      throw new QmpException(
          Failure.REFUSED, "QEMU could not copy: " + error.orElse("a job was cancelled"));
    }
  }

  /** Ends Keg's jobs, and releases the targets. */
  void end() throws IOException {
    for (Map<?, ?> job : jobs()) {
      if (!isConcluded(job)) {
        cancel(String.valueOf(job.get("id")));
      }
    }
    List<Map<?, ?>> left = jobs();
    while (!left.stream().allMatch(BackupJobs::isConcluded)) {
      pause();
      left = jobs();
    }
    for (Map<?, ?> job : left) {
      qemu.execute("job-dismiss", new JsonObject().put("id", String.valueOf(job.get("id"))));
    }
    Set<String> nodes = nodes();
    for (Plug disk : disks) {
      if (nodes.contains(target(disk))) {
        qemu.execute("blockdev-del", new JsonObject().put("node-name", target(disk)));
      }
    }
  }

  // The job may end on its own meanwhile.
  private void cancel(String job) throws IOException {
    try {
      qemu.execute("job-cancel", new JsonObject().put("id", job));
    } catch (QmpException e) {
      if (e.failure() != Failure.REFUSED) {
        throw e;
      }
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while QEMU copies");
    }
  }
}
