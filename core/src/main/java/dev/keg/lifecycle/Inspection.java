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
    Overview overview,
    Path mountpoint,
    SortedMap<String, String> driverStatus,
    List<Past> history) {
  public Inspection {
    driverStatus = Collections.unmodifiableSortedMap(new TreeMap<>(driverStatus));
    history = List.copyOf(history);
  }

  public Volume volume() {
    return overview.volume();
  }

  public List<Attachment> holders() {
    return overview.holders();
  }
}
