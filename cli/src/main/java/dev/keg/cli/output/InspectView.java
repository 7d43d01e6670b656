package dev.keg.cli.output;

import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.cli.output.table.Timestamps;
import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.NilPointer;
import dev.keg.cli.template.Struct;
import dev.keg.volume.Volume;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A volume for {@code inspect}: docker's structure, key for key. */
public record InspectView(
    Volume volume,
    String mountpoint,
    String scope,
    SortedMap<String, ?> status,
    @Nullable Usage usage,
    @Nullable VolumeDocument document) {
  private static final NilPointer NO_CLUSTER =
      new NilPointer(
          "*volume.ClusterVolume",
          Set.of(
              "ID", "Meta", "Version", "CreatedAt", "UpdatedAt", "Spec", "PublishStatus", "Info"));
  private static final NilPointer NO_USAGE =
      new NilPointer("*volume.UsageData", Set.of("RefCount", "Size"));

  private static final List<String> DOCKERS_FIELDS =
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

  /** The fields that a template may name. */
  public static final List<String> FIELDS =
      Stream.of(DOCKERS_FIELDS, VolumeDocument.OWN_FIELDS).flatMap(List::stream).sorted().toList();

  /** The structure for both JSON and templates. */
  public Struct in(ZoneId zone) {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    fields.put("ClusterVolume", NO_CLUSTER);
    fields.put("CreatedAt", Timestamps.seconds(volume.created(), zone));
    fields.put("Driver", volume.driver());
    fields.put("Labels", orNil(volume.labels().map()));
    fields.put("Mountpoint", mountpoint);
    fields.put("Name", volume.name().text());
    fields.put("Options", orNil(volume.options().map()));
    fields.put("Scope", scope);
    fields.put("Status", GoMap.ofAnything(status.isEmpty() ? null : status));
    fields.put("UsageData", usage == null ? NO_USAGE : usageData(usage));
    return new Inspected(
        "volume.Volume",
        fields,
        document == null ? new TreeMap<>() : document.own(zone),
        Set.of("ClusterVolume", "Status", "UsageData"));
  }

  // Docker has null if nothing was given.
  private static GoMap orNil(SortedMap<String, String> map) {
    return GoMap.ofStrings(map.isEmpty() ? null : map);
  }

  private static Struct usageData(Usage usage) {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    fields.put("RefCount", (long) usage.holders());
    fields.put("Size", usage.size().bytes());
    return new Inspected("*volume.UsageData", fields, new TreeMap<>(), Set.of());
  }

  /**
   * A structure whose fields in {@code omitted} are left out of JSON when they are nil. Only
   * templates can access the hidden fields.
   */
  private record Inspected(
      String type,
      SequencedMap<String, Object> shownFields,
      SortedMap<String, @Nullable Object> hidden,
      Set<String> omitted)
      implements Struct {
    @Override
    public SequencedMap<String, @Nullable Object> fields() {
      SequencedMap<String, @Nullable Object> all = new LinkedHashMap<>(shownFields);
      all.putAll(hidden);
      return all;
    }

    @Override
    public Struct printed() {
      return hidden.isEmpty() ? this : new Inspected(type, shownFields, new TreeMap<>(), omitted);
    }

    @Override
    public Object json() {
      SequencedMap<String, Object> shown = new LinkedHashMap<>(shownFields);
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
