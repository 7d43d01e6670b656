package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the one document of a YAML text, with anchors, aliases and the merge keys of YAML 1.1:
 *
 * <pre>
 * x-base: &amp;base
 *   driver: local
 * volumes:
 *   data:
 *     &lt;&lt;: *base
 * </pre>
 */
final class YamlReader {
  /** More than any compose file needs, and still harmless. */
  static final int MAX_CHARACTERS = 1 << 20;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_MERGED = 100_000;
  private static final String CORE_TAGS = "tag:yaml.org,2002:";

  private final Iterator<Event> events;
  private final Map<Anchor, Yaml> anchors = new HashMap<>();
  private int merged;

  private YamlReader(Iterator<Event> events) {
    this.events = events;
  }

  /** The document; empty if there is none. */
  static Optional<Yaml> read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new InvalidSpec("the file is larger than " + (MAX_CHARACTERS >> 20) + " MiB");
    }
    // All at once: the parser fails if the end of its buffer splits a surrogate pair.
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(MAX_CHARACTERS)
            .setUseMarks(true)
            .setBufferSize(text.length() + 1)
            .build();
    try {
      return new YamlReader(new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      throw e.getProblemMark()
          .map(mark -> problem(mark.getLine(), e.getProblem()))
          .orElseGet(() -> new InvalidSpec("yaml: " + e.getProblem()));
    } catch (YamlEngineException e) {
      throw new InvalidSpec("yaml: " + e.getMessage());
    } catch (NumberFormatException _) {
      // The scanner parses digits without a check at the end of the text, and for overflow.
      throw new InvalidSpec(
          "yaml: an escape \\x, \\u or \\U in double quotes is not 2, 4 or 8 hexadecimal digits of a"
              + " character");
    }
  }

  private Optional<Yaml> document() {
    Optional<Yaml> document = Optional.empty();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
        case Alias, MappingEnd, MappingStart, Scalar, SequenceEnd, SequenceStart -> {
          if (document.isPresent()) {
            throw problem(event, "only one document is supported");
          }
          document = Optional.of(value(event, 0));
        }
      }
    }
    return document;
  }

  private Yaml value(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw problem(event, "nested more than " + MAX_DEPTH + " deep");
    }
    return switch (event) {
      case AliasEvent alias -> alias(alias);
      case ScalarEvent scalar ->
          remember(
              scalar.getAnchor().orElse(null),
              new Yaml.Text(text(scalar), scalar.isPlain() && scalar.getTag().isEmpty()));
      case SequenceStartEvent sequence -> {
        refuseTag(event, sequence.getTag());
        yield remember(sequence.getAnchor().orElse(null), items(depth));
      }
      case MappingStartEvent mapping -> {
        refuseTag(event, mapping.getTag());
        yield remember(mapping.getAnchor().orElse(null), fields(depth));
      }
      default -> throw problem(event, "unexpected " + event.getEventId());
    };
  }

  private static String text(ScalarEvent scalar) {
    refuseTag(scalar, scalar.getTag());
    return scalar.getValue();
  }

  // Compose's own tags control how files override each other, but only one file is read.
  private static void refuseTag(Event event, Optional<String> tag) {
    if (tag.isPresent() && !tag.get().startsWith(CORE_TAGS)) {
      throw problem(event, "tag " + tag.get() + " is not supported");
    }
  }

  private Yaml remember(@Nullable Anchor anchor, Yaml value) {
    if (anchor != null) {
      anchors.put(anchor, value);
    }
    return value;
  }

  // An anchor is registered at its end, so that a value cannot contain itself.
  private Yaml alias(AliasEvent event) {
    Yaml value = anchors.get(event.getAlias());
    if (value == null) {
      throw problem(event, "unknown anchor '" + event.getAlias() + "' referenced");
    }
    return value;
  }

  private Yaml items(int depth) {
    List<Yaml> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(value(event, depth + 1));
    }
    return new Yaml.Items(items);
  }

  private Yaml fields(int depth) {
    Map<String, Yaml> fields = new LinkedHashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    Map<String, Yaml> inherited = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      Yaml key = value(event, depth + 1);
      if (!(key instanceof Yaml.Text(String name, boolean plain))) {
        throw problem(event, "invalid map key");
      }
      Integer earlier = lines.put(name, line(event));
      if (earlier != null) {
        throw problem(
            event, "mapping key \"" + name + "\" already defined at line " + (earlier + 1));
      }
      Yaml value = value(events.next(), depth + 1);
      if (plain && name.equals("<<")) {
        inherit(event, value, inherited);
      } else {
        fields.put(name, value);
      }
    }
    inherited.forEach(fields::putIfAbsent);
    return new Yaml.Fields(fields);
  }

  private void inherit(Event event, Yaml value, Map<String, Yaml> inherited) {
    switch (value) {
      case Yaml.Fields(var fields) -> {
        merged += fields.size() + 1;
        if (merged > MAX_MERGED) {
          throw problem(event, "too many merged keys");
        }
        fields.forEach(inherited::putIfAbsent);
      }
      case Yaml.Items(var items) -> {
        for (Yaml item : items) {
          if (!(item instanceof Yaml.Fields)) {
            throw notMergeable(event);
          }
          inherit(event, item, inherited);
        }
      }
      case Yaml.Text _ -> throw notMergeable(event);
    }
  }

  private static InvalidSpec notMergeable(Event event) {
    return problem(event, "map merge requires map or sequence of maps as the value");
  }

  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine()).orElse(0);
  }

  private static InvalidSpec problem(Event event, String what) {
    return problem(line(event), what);
  }

  private static InvalidSpec problem(int line, String what) {
    return new InvalidSpec("yaml: line " + (line + 1) + ": " + what);
  }
}
