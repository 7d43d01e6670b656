package dev.keg.cli.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** A volume with a value of every type, in the form of docker's objects and of JSON. */
record SampleVolume(SequencedMap<String, Object> fields) implements Struct {
  static final SampleVolume INSTANCE = new SampleVolume(sample());

  @Override
  public String type() {
    return "volume.Volume";
  }

  private static SequencedMap<String, Object> sample() {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    Set<String> cluster = Set.of("ID", "Meta", "CreatedAt", "UpdatedAt", "Spec", "Info");
    fields.put("ClusterVolume", new NilPointer("*volume.ClusterVolume", cluster));
    fields.put("CreatedAt", "2026-11-20T10:00:55Z");
    fields.put("Driver", "local");
    Map<String, String> labels = Map.of("k", "v=w", "foo", "", "html", "<a&b>");
    fields.put("Labels", GoMap.ofStrings(new TreeMap<>(labels)));
    fields.put("Mountpoint", "/var/lib/docker/volumes/v1/_data");
    fields.put("Name", "v1");
    fields.put("Options", GoMap.ofStrings(null));
    fields.put("Scope", "local");
    fields.put("Status", GoMap.ofAnything(status()));
    fields.put("UsageData", new NilPointer("*volume.UsageData", Set.of("RefCount", "Size")));
    return fields;
  }

  private static TreeMap<String, Object> status() {
    TreeMap<String, Object> status = new TreeMap<>();
    status.put("s", "héllo wörld");
    status.put("n", 5.0);
    status.put("f", 1.5);
    status.put("big", 12345678901.0);
    status.put("t", true);
    status.put("nul", null);
    status.put("list", new ArrayList<>(Arrays.asList("a", "b", null, 3.0)));
    status.put("m", new TreeMap<>(Map.of("x", "y", "z", new TreeMap<>(Map.of("q", 1.0)))));
    status.put("e", List.of());
    status.put("u", "\u2028<&>\u0007\ufeff日本");
    status.put("tiny", 1e-7);
    status.put("huge", 1e21);
    return status;
  }
}
