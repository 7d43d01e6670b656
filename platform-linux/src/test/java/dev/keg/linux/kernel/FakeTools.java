package dev.keg.linux.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The programs of a {@link FakeKernel}: each works unless it is told not to. */
public final class FakeTools implements Tools {
  private final FakeKernel kernel;

  /** Programs that do more than succeed. */
  public final Map<String, Program> programs = new HashMap<>();

  public final Set<String> missing = new HashSet<>();

  /** The standard input of the programs. */
  public final List<String> inputs = new ArrayList<>();

  /** The programs that run beside us. */
  public final List<String> companions = new ArrayList<>();

  /** Whether cryptsetup receives another key than the one that created the volume. */
  public boolean wrongKey;

  private final TreeMap<String, String> mappings = new TreeMap<>();

  /** A program. */
  @FunctionalInterface
  public interface Program {
    String run(Tool tool) throws ToolException;
  }

  FakeTools(FakeKernel kernel) {
    this.kernel = kernel;
  }

  Set<String> mappings() {
    return mappings.keySet();
  }

  List<String> mappingsOf(String device) {
    return mappings.entrySet().stream()
        .filter(mapping -> mapping.getValue().equals(device))
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean uses(String device) {
    return mappings.containsValue(device);
  }

  @Override
  public boolean has(String program) {
    return !missing.contains(program);
  }

  @Override
  public String run(Tool tool) throws ToolException {
    boolean fails = kernel.hit(tool.toString());
    if (!has(tool.program())) {
      throw ToolException.missing(tool);
    }
    if (fails) {
      throw ToolException.failed(tool, 1, tool.program() + ": cannot");
    }
    inputs.add(input(tool));
    if (tool.program().equals("cryptsetup")) {
      return cryptsetup(tool);
    }
    if (tool.program().equals("mount")) {
      List<String> words = tool.arguments();
      int end = words.indexOf("--");
      kernel.mounts.add(words.get(1), words.get(end + 1), words.get(end + 2), Set.of());
    }
    return programs.getOrDefault(tool.program(), _ -> "").run(tool);
  }

  @Override
  public <T> T converse(Tool tool, Conversation<T> conversation)
      throws ToolException, ErrnoException, IOException {
    String said = run(tool);
    return conversation.hold(
        1, new ByteArrayOutputStream(), new ByteArrayInputStream(said.getBytes(UTF_8)));
  }

  @Override
  public Companion start(Tool tool) {
    companions.add(tool.toString());
    return () -> companions.remove(tool.toString());
  }

  private static String input(Tool tool) {
    var stdin = new ByteArrayOutputStream();
    try {
      tool.input().writeTo(stdin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stdin.toString(UTF_8);
  }

  private String cryptsetup(Tool tool) throws ToolException {
    List<String> words = tool.arguments().stream().filter(word -> !word.startsWith("-")).toList();
    switch (words.get(0)) {
      case "open" -> {
        if (wrongKey) {
          throw ToolException.failed(tool, 2, "No key available with this passphrase.");
        }
        mappings.put(words.get(2), words.get(1));
      }
      case "close" -> {
        mappings.remove(words.get(1));
        kernel.loops.sweep();
      }
      case "status" -> {
        if (!mappings.containsKey(words.get(1))) {
          throw ToolException.failed(tool, 4, "");
        }
      }
      default -> {}
    }
    return "";
  }
}
