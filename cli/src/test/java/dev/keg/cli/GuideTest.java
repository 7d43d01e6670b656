package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.keg.cli.help.Guide;
import dev.keg.cli.help.Topic;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class GuideTest {
  private static List<String> commands() {
    return ShellCommands.model().getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .map(CommandLine::getCommandName)
        .distinct()
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> each_command_has_two_to_four_examples_that_can_be_read() {
    return commands().stream()
        .map(
            command ->
                dynamicTest(
                    command,
                    () -> {
                      Guide guide = Guide.to(command);
                      assertThat(guide.examples()).hasSizeBetween(2, 4);
                      for (Guide.Example example : guide.examples()) {
                        assertThat(example.line()).startsWith("keg " + command);
                        assertThat(example.meaning()).isNotBlank();
                        ShellCommands.check(example.line());
                      }
                      assertThat(guide.topics()).allMatch(topic -> Topic.of(topic).isPresent());
                    }));
  }

  @Test
  void each_command_is_in_a_group_of_the_help() {
    assertThat(Commands.groups().values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(commands());
  }

  @Test
  void topics_fit_a_terminal() {
    for (Topic topic : Topic.values()) {
      assertThat(topic.text().lines()).allMatch(line -> line.length() <= 80);
    }
  }
}
