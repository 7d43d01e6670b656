package dev.keg.linux.rbd;

import dev.keg.linux.kernel.FakeTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A cluster and this host's devices of it, as {@code rbd} of Ceph 16 shows them: the last word
 * names the image, status 2 says that there is none.
 */
final class FakeRbd implements FakeTools.Program {
  /** The images with their sizes. */
  final Map<String, String> images = new TreeMap<>();

  /** The devices, by their images. */
  final Map<String, String> mapped = new TreeMap<>();

  /** All runs, without who asks. */
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
        return "{\"name\":\"x\",\"size\":%d}"
            .formatted(Long.parseLong(size.substring(0, size.length() - 1)) << 20);
      }
      case "remove" -> {
        if (mapped.containsKey(last)) {
          throw ToolException.failed(tool, 16, "rbd: error: image still has watchers");
        }
        images.remove(existing(tool, last));
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

  private String device(Tool tool, List<String> words, String last) throws ToolException {
    switch (words.get(1)) {
      case "map" -> {
        String device = "/dev/rbd" + mapped.size();
        mapped.put(existing(tool, last), device);
        return device + "\n";
      }
      case "unmap" -> {
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
    return "{\"id\":\"0\",\"pool\":\"%s\",\"namespace\":\"%s\",\"name\":\"%s\",\"snap\":\"-\",\"device\":\"%s\"}"
        .formatted(image[0], image.length == 3 ? image[1] : "", image[image.length - 1], device);
  }
}
