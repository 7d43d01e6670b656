package dev.keg.machine.qmp;

import dev.keg.json.JsonObject;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.qmp.QmpException.Failure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Copies disks by jobs of QEMU, which one transaction begins: from then on what the machine
 * overwrites is copied first. Jobs and the nodes of the targets have names of their own, so that
 * what a killed command left is known.
 */
final class BackupJobs {
  private static final int PAUSE_MS = 100;

  private final QmpConnection qemu;
  private final List<DiskCopy> copies;

  BackupJobs(QmpConnection qemu, List<DiskCopy> copies) {
    this.qemu = qemu;
    this.copies = List.copyOf(copies);
  }

  private static String job(DiskCopy copy) {
    return "keg-backup-" + copy.plug().drive();
  }

  private static String target(DiskCopy copy) {
    return "keg-to-" + copy.plug().drive();
  }

  void run(LongConsumer copied) throws IOException {
    List<JsonObject> actions = new ArrayList<>();
    for (DiskCopy copy : copies) {
      String source = source(copy);
      qemu.execute("blockdev-add", node(copy));
      actions.add(
          new JsonObject()
              .put("type", "blockdev-backup")
              .put(
                  "data",
                  new JsonObject()
                      .put("job-id", job(copy))
                      .put("device", source)
                      .put("target", target(copy))
                      .put("sync", "full")
                      .put("auto-dismiss", false)));
    }
    qemu.execute("transaction", new JsonObject().objects("actions", actions));
    long done = 0;
    while (true) {
      List<Map<?, ?>> jobs = jobs();
      long now = jobs.stream().mapToLong(BackupJobs::progress).sum();
      copied.accept(Math.max(0, now - done));
      done = Math.max(done, now);
      if (jobs.stream().allMatch(BackupJobs::isConcluded)) {
        requireGood(jobs);
        return;
      }
      pause();
    }
  }

  private JsonObject node(DiskCopy copy) {
    String format = copy.plug().disk().format();
    return new JsonObject()
        .put("driver", format.equals("vhd") ? "vpc" : format)
        .put("node-name", target(copy))
        .put("discard", "unmap")
        .put("detect-zeroes", "unmap")
        .put(
            "file",
            new JsonObject().put("driver", "file").put("filename", copy.target().toString()));
  }

  /** The disk has the name that Keg gives to it, or whoever started the machine named it. */
  private String source(DiskCopy copy) throws IOException {
    String drive = copy.plug().drive().text();
    if (names("query-block", "device").contains(drive)
        || names("query-named-block-nodes", "node-name").contains(drive)) {
      return drive;
    }
    String file = copy.plug().disk().file().toString();
    String format = copy.plug().disk().format();
    for (Map<?, ?> node : QmpMachine.maps(qemu.execute("query-named-block-nodes", flat()))) {
      if (file.equals(node.get("file"))
          && (format.equals("vhd") ? "vpc" : format).equals(node.get("drv"))) {
        return String.valueOf(node.get("node-name"));
      }
    }
    throw new QmpException(Failure.REFUSED, "the machine has no disk " + drive + " of " + file);
  }

  private static JsonObject flat() {
    return new JsonObject().put("flat", true);
  }

  private Set<String> names(String command, String key) throws IOException {
    JsonObject arguments = command.equals("query-block") ? new JsonObject() : flat();
    Set<String> names = new HashSet<>();
    for (Map<?, ?> map : QmpMachine.maps(qemu.execute(command, arguments))) {
      names.add(String.valueOf(map.get(key)));
    }
    return names;
  }

  /** Our jobs that QEMU has. */
  private List<Map<?, ?>> jobs() throws IOException {
    Set<String> ours = new HashSet<>(copies.stream().map(BackupJobs::job).toList());
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
      return 0; // Only told.
    }
  }

  private static boolean isConcluded(Map<?, ?> job) {
    return "concluded".equals(job.get("status"));
  }

  private void requireGood(List<Map<?, ?>> jobs) throws QmpException {
    Optional<Object> error =
        jobs.stream().<Object>map(job -> job.get("error")).filter(e -> e != null).findFirst();
    if (error.isPresent() || jobs.size() != copies.size()) {
      throw new QmpException(
          Failure.REFUSED, "QEMU could not copy: " + error.orElse("a job was cancelled"));
    }
  }

  /** Ends our jobs, and lets go of the targets. */
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
    Set<String> nodes = names("query-named-block-nodes", "node-name");
    for (DiskCopy copy : copies) {
      if (nodes.contains(target(copy))) {
        qemu.execute("blockdev-del", new JsonObject().put("node-name", target(copy)));
      }
    }
  }

  // It may end by itself meanwhile.
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
