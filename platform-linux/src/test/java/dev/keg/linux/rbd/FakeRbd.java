package dev.keg.linux.rbd;

import dev.keg.linux.kernel.FakeTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A cluster and its devices on this host, as presented by {@code rbd} of Ceph 16: the last word
 * names the image, and status 2 means that it does not exist.
 */
final class FakeRbd implements FakeTools.Program {
  /** The images with their sizes. */
  final Map<String, String> images = new TreeMap<>();

  /** The devices, by their images. */
  final Map<String, String> mapped = new TreeMap<>();

  /** All snapshots, in the form {@code POOL/IMAGE@NAME}. */
  final Set<String> snapshots = new TreeSet<>();

  /** The snapshots with which images still share data. */
  final Map<String, String> parents = new TreeMap<>();

  /** Whether the mapped devices are in use. */
  boolean busy;

  /** All runs, without the user's options. */
  final List<String> runs = new ArrayList<>();

  @Override
  public String run(Tool tool) throws ToolException {
    List<String> words = new ArrayList<>(tool.arguments());
    while (words.getFirst().startsWith("--")) {
      words.subList(0, 2).clear();
    }
    runs.add(String.join(" ", words));
    String last = words.getLast();
    switch (words.getFirst()) {
      case "create" -> {
        if (images.putIfAbsent(last, words.get(2)) != null) {
          throw ToolException.failed(tool, 17, "rbd: create error: (17) File exists");
        }
      }
      case "resize" -> {
        if (mapped.containsKey(last)) {
          throw ToolException.failed(tool, 30, "rbd: resize error: (30) Read-only file system");
        }
        if (words.get(2).equals(images.put(existing(tool, last), words.get(2)))) {
          throw ToolException.failed(tool, 22, "rbd: new size is equal to original size");
        }
      }
      case "info" -> {
        String size = Objects.requireNonNull(images.get(existing(tool, last)));
        return "{\"name\":\"x\",\"size\":%d%s}"
            .formatted(Long.parseLong(size.substring(0, size.length() - 1)) << 20, parent(last));
      }
      case "remove" -> {
        if (mapped.containsKey(last)) {
          throw ToolException.failed(tool, 16, "rbd: error: image still has watchers");
        }
        if (snapshots.stream().anyMatch(one -> one.startsWith(last + "@"))) {
          throw ToolException.failed(tool, 39, "rbd: image has snapshots");
        }
        images.remove(existing(tool, last));
        parents.remove(last);
      }
      case "snap", "children", "clone", "flatten" -> {
        return snapshot(tool, words, last);
      }
      default -> {
        return device(tool, words, last);
      }
    }
    return "";
  }

  private String existing(Tool tool, String image) throws ToolException {
    if (!images.containsKey(image)) {
      throw ToolException.failed(tool, 2, "rbd: error opening image: (2) No such file");
    }
    return image;
  }

  private String parent(String image) {
    if (!parents.containsKey(image)) {
      return "";
    }
    String[] parent = parents.get(image).split("[/@]", -1);
    return ",\"parent\":{\"pool\":\"%s\",\"image\":\"%s\",\"snapshot\":\"%s\"}"
        .formatted(parent[0], parent[1], parent[2]);
  }

  private String snapshot(Tool tool, List<String> words, String last) throws ToolException {
    String what = words.getFirst().equals("snap") ? words.get(1) : words.getFirst();
    switch (what) {
      case "create" -> {
        var _ = existing(tool, last.substring(0, last.indexOf('@')));
        if (!snapshots.add(last)) {
          throw ToolException.failed(tool, 17, "rbd: failed to create snapshot: (17) File exists");
        }
      }
      case "protect" -> {}
      case "unprotect" -> {
        if (parents.containsValue(last)) {
          throw ToolException.failed(tool, 16, "rbd: unprotecting snap failed: (16) busy");
        }
      }
      case "rm" -> snapshots.remove(known(tool, last));
      case "ls" -> {
        var _ = existing(tool, last);
        return snapshots.stream()
            .filter(one -> one.startsWith(last + "@"))
            .map(one -> "{\"name\":\"%s\"}".formatted(one.substring(one.indexOf('@') + 1)))
            .collect(Collectors.joining(",", "[", "]"));
      }
      case "children" -> {
        String parent = known(tool, last);
        return parents.entrySet().stream()
            .filter(entry -> entry.getValue().equals(parent))
            .map(entry -> entry.getKey().split("/", -1))
            .map(child -> "{\"pool\":\"%s\",\"image\":\"%s\"}".formatted(child[0], child[1]))
            .collect(Collectors.joining(",", "[", "]"));
      }
      case "clone" -> {
        String parent = known(tool, words.get(1));
        images.put(last, Objects.requireNonNull(images.get(parent.split("@", -1)[0])));
        parents.put(last, parent);
      }
      case "flatten" -> parents.remove(existing(tool, last));
      default -> throw new IllegalArgumentException(what);
    }
    return "";
  }

  private String known(Tool tool, String snapshot) throws ToolException {
    if (!snapshots.contains(snapshot)) {
      throw ToolException.failed(tool, 2, "rbd: snapshot does not exist.");
    }
    return snapshot;
  }

  private String device(Tool tool, List<String> words, String last) throws ToolException {
    switch (words.get(1)) {
      case "map" -> {
        String device = "/dev/rbd" + mapped.size();
        mapped.put(last.contains("@") ? known(tool, last) : existing(tool, last), device);
        return device + "\n";
      }
      case "unmap" -> {
        if (busy) {
          throw ToolException.failed(tool, 16, "rbd: unmap failed: (16) Device or resource busy");
        }
        mapped.values().remove(last);
        return "";
      }
      default -> {
        return mapped.entrySet().stream()
            .map(entry -> entry(entry.getKey().split("/", -1), entry.getValue()))
            .collect(Collectors.joining(",", "[", "]"));
      }
    }
  }

  private static String entry(String[] image, String device) {
    String[] last = image[image.length - 1].split("@", -1);
    return "{\"id\":\"0\",\"pool\":\"%s\",\"namespace\":\"%s\",\"name\":\"%s\",\"snap\":\"%s\",\"device\":\"%s\"}"
        .formatted(
            image[0],
            image.length == 3 ? image[1] : "",
            last[0],
            last.length == 2 ? last[1] : "-",
            device);
  }
}
