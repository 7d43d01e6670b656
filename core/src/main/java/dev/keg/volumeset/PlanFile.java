package dev.keg.volumeset;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.keg.error.InvalidInput;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Step.Source;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plan as a file:
 *
 * <pre>{"schema":1,"boot":"…","container":"web1","host":"…","site":"","steps":[
 * {"done":true,"from":"db","kind":"volume","made":["/r/data"],"readOnly":false,
 * "since":"2026-11-20T10:00:55Z","site":"/r/data","target":"/data"}]}</pre>
 *
 * The kinds are volume, bind and tmpfs. The plan of a mount made by hand has a site of its own
 * instead of a container.
 */
final class PlanFile {
  private static final long SCHEMA = 1;

  private PlanFile() {}

  static byte[] write(MountPlan plan) {
    return JsonDocument.write(
        SCHEMA,
        json -> {
          json.writeStringField("boot", plan.boot());
          json.writeStringField("container", plan.owner().container());
          json.writeStringField("host", plan.host());
          json.writeStringField(
              "site", plan.owner() instanceof Owner.Hand(var site) ? site.toString() : "");
          json.writeArrayFieldStart("steps");
          for (Step step : plan.steps()) {
            write(json, step);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, Step step) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("done", step.done());
    json.writeStringField("from", from(step.source()));
    json.writeStringField("kind", kind(step.source()));
    json.writeArrayFieldStart("made");
    for (Path path : step.made()) {
      json.writeString(path.toString());
    }
    json.writeEndArray();
    json.writeBooleanField("readOnly", step.readOnly());
    json.writeStringField("since", step.since().toString());
    json.writeStringField("site", step.site().map(Path::toString).orElse(""));
    json.writeStringField("target", step.target());
    json.writeEndObject();
  }

  static String kind(Source source) {
    return switch (source) {
      case Source.OfVolume _ -> "volume";
      case Source.OfHost _ -> "bind";
      case Source.OfMemory _ -> "tmpfs";
    };
  }

  static String from(Source source) {
    return switch (source) {
      case Source.OfVolume(var name) -> name.text();
      case Source.OfHost(var path) -> path;
      case Source.OfMemory _ -> "tmpfs";
    };
  }

  static MountPlan read(Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      Owner owner = Owner.of(json.text("container"), path(file, json.text("site")));
      List<Step> steps = new ArrayList<>();
      for (JsonDocument step : json.documents("steps")) {
        steps.add(step(file, step));
      }
      MountPlan plan = new MountPlan(owner, json.text("host"), json.text("boot"), steps);
      json.end();
      return plan;
    } catch (InvalidDocument
        | DateTimeException
        | InvalidPathException
        | InvalidInput.InvalidName
        | InvalidInput.InvalidSpec e) {
      throw new Damaged("container", file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static Step step(Path file, JsonDocument json) throws InvalidDocument {
    List<Path> made = json.texts("made").stream().map(text -> path(file, text)).toList();
    Step step =
        new Step(
            source(json.text("kind"), json.text("from")),
            json.text("target"),
            json.truth("readOnly"),
            Instant.parse(json.text("since")),
            Optional.of(json.text("site"))
                .filter(text -> !text.isEmpty())
                .map(text -> path(file, text))
                .orElse(null),
            made,
            json.truth("done"));
    json.end();
    return step;
  }

  private static Source source(String kind, String from) throws InvalidDocument {
    return switch (kind) {
      case "volume" -> new Source.OfVolume(new VolumeName(from));
      case "bind" -> new Source.OfHost(from);
      case "tmpfs" -> new Source.OfMemory();
      default -> throw new InvalidDocument("unknown kind \"" + kind + "\"");
    };
  }

  private static Path path(Path file, String text) {
    return file.getFileSystem().getPath(text);
  }
}
