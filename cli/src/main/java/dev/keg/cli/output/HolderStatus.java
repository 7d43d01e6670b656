package dev.keg.cli.output;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.AttachmentHistory.Past;
import dev.keg.lifecycle.Inspection;
import dev.keg.volume.VolumeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code inspect} adds to a driver's status: whether the volume is held, missing or protected,
 * and which machines have or had it. Otherwise nothing, as in docker.
 */
public final class HolderStatus {
  private HolderStatus() {}

  public static SortedMap<String, ?> of(Inspection inspection) {
    SortedMap<String, Object> status = new TreeMap<>(inspection.driverStatus());
    VolumeStatus held = inspection.overview().status();
    List<SortedMap<String, Object>> attachments = attachments(inspection);
    if (held != VolumeStatus.AVAILABLE || !attachments.isEmpty()) {
      status.put("status", held.text());
    }
    String protection = inspection.overview().protection().text();
    if (!protection.isEmpty()) {
      status.put("protected", protection);
    }
    if (!attachments.isEmpty()) {
      status.put("attachments", attachments);
    }
    return status;
  }

  private static List<SortedMap<String, Object>> attachments(Inspection inspection) {
    List<SortedMap<String, Object>> all = new ArrayList<>();
    for (Past past : inspection.history()) {
      SortedMap<String, Object> entry = entry(past.disk());
      entry.put("until", seconds(past.until()));
      all.add(entry);
    }
    for (Attachment holder : inspection.holders()) {
      if (holder instanceof Attachment.Disk disk) {
        all.add(entry(disk));
      }
    }
    return all;
  }

  private static SortedMap<String, Object> entry(Attachment.Disk disk) {
    SortedMap<String, Object> entry = new TreeMap<>();
    entry.put("drive", disk.drive());
    entry.put("machine", disk.machine());
    entry.put("readOnly", disk.readOnly());
    entry.put("since", seconds(disk.since()));
    return entry;
  }

  private static String seconds(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond()).toString();
  }
}
