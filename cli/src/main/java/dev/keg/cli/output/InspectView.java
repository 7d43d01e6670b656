package dev.keg.cli.output;

import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.NilPointer;
import dev.keg.cli.template.Struct;
import dev.keg.volume.Volume;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A volume as {@code inspect} shows it: docker's structure, key for key. */
public record InspectView(
    Volume volume,
    String mountpoint,
    String scope,
    SortedMap<String, ?> status,
    @Nullable VolumeUsage usage) {
  private static final NilPointer NO_CLUSTER =
      new NilPointer(
          "*volume.ClusterVolume",
          Set.of(
              "ID", "Meta", "Version", "CreatedAt", "UpdatedAt", "Spec", "PublishStatus", "Info"));
  private static final NilPointer NO_USAGE =
      new NilPointer("*volume.UsageData", Set.of("RefCount", "Size"));

  /** The fields that a template may name. */
  public static final List<String> FIELDS =
      List.of(
          "ClusterVolume",
          "CreatedAt",
          "Driver",
          "Labels",
          "Mountpoint",
          "Name",
          "Options",
          "Scope",
          "Status",
          "UsageData");

  /** For JSON and for templates alike. */
  public Struct in(ZoneId zone) {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    fields.put("ClusterVolume", NO_CLUSTER);
    fields.put("CreatedAt", timestamp(volume.created(), zone));
    fields.put("Driver", volume.driver());
    fields.put("Labels", orNil(volume.labels().map()));
    fields.put("Mountpoint", mountpoint);
    fields.put("Name", volume.name().text());
    fields.put("Options", orNil(volume.options().map()));
    fields.put("Scope", scope);
    fields.put("Status", GoMap.ofAnything(status.isEmpty() ? null : status));
    fields.put("UsageData", usage == null ? NO_USAGE : usageData(usage));
    return new Inspected("volume.Volume", fields, Set.of("ClusterVolume", "Status", "UsageData"));
  }

  // Docker has null where nothing was given.
  private static GoMap orNil(SortedMap<String, String> map) {
    return GoMap.ofStrings(map.isEmpty() ? null : map);
  }

  private static Struct usageData(VolumeUsage usage) {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    fields.put("RefCount", (long) usage.holders());
    fields.put("Size", usage.size().bytes());
    return new Inspected("*volume.UsageData", fields, Set.of());
  }

  /** RFC 3339 in seconds. Put together by hand: loading a formatter costs more than the rest. */
  private static String timestamp(Instant created, ZoneId zone) {
    ZonedDateTime time = created.truncatedTo(ChronoUnit.SECONDS).atZone(zone);
    String clock = time.toLocalTime().toString();
    String seconds = clock.length() == "00:00".length() ? ":00" : "";
    String offset = time.getOffset().getId();
    // Offsets of old times can have seconds, which RFC 3339 cannot say.
    String hours = offset.substring(0, Math.min(offset.length(), "+00:00".length()));
    return time.toLocalDate() + "T" + clock + seconds + hours;
  }

  /** A structure whose fields in {@code omitted} are left out of JSON when they are nil. */
  private record Inspected(String type, SequencedMap<String, Object> fields, Set<String> omitted)
      implements Struct {
    @Override
    public Object json() {
      SequencedMap<String, Object> shown = new LinkedHashMap<>(fields);
      shown.entrySet().removeIf(e -> omitted.contains(e.getKey()) && isNil(e.getValue()));
      return shown;
    }

    private static boolean isNil(Object value) {
      return switch (value) {
        case NilPointer _ -> true;
        case GoMap map -> map.orNil() == null;
        default -> false;
      };
    }
  }
}
