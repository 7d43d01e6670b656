package dev.keg.lifecycle;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.AttachmentHistory.Past;
import dev.keg.volume.Volume;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that is known about one volume. */
public record Inspection(
    Volume volume,
    Path mountpoint,
    SortedMap<String, String> driverStatus,
    List<Attachment> holders,
    List<Past> history) {
  public Inspection {
    driverStatus = Collections.unmodifiableSortedMap(new TreeMap<>(driverStatus));
    holders = List.copyOf(holders);
    history = List.copyOf(history);
  }
}
