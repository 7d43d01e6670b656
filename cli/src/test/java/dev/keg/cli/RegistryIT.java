package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.DockerRegistry;
import dev.keg.fixtures.server.HttpRelay;
import dev.keg.fixtures.server.HttpRelay.Behaviour;
import dev.keg.fixtures.tree.TortureTree;
import dev.keg.fixtures.tree.TreeDump;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes travel through the registry program on which most others are based. */
@NeedsRoot
@NeedsTool(value = "docker-registry", from = "docker-registry")
@NeedsTool(value = "setfacl", from = "acl")
@NeedsTool(value = "setfattr", from = "attr")
@Tag("native")
class RegistryIT {
  /** Two chunks and a remainder. */
  private static final int LARGE = 17 << 20;

  @TempDir Path scratch;

  /** The second chunk is sent twice. */
  private static Behaviour trouble(int number, String line) {
    boolean breaks = number == 5 && line.startsWith("PATCH ");
    return breaks ? Behaviour.BREAK : Behaviour.PASS;
  }

  @Test
  void nothing_changes_on_the_way_through_a_registry() throws Exception {
    BackupShell shell = new BackupShell(scratch.resolve("root"), "", Map.of());
    shell.keg("create", "db");
    TortureTree.make(shell.data("db"));
    shell.writeNoise("db", "large", LARGE);
    TreeDump before = TreeDump.of(shell.data("db"));
    try (DockerRegistry registry = DockerRegistry.start(scratch);
        HttpRelay relay = HttpRelay.to(registry.endpoint())) {
      relay.plan(RegistryIT::trouble);
      String host = host(relay.endpoint());

      List<String> places = shell.keg("push", "db", host + "/db:1", host + "/other/db:2");
      String digest = places.getFirst().substring(places.getFirst().indexOf('@'));
      shell.keg("pull", "--trust", host + "/other/db" + digest, "copy");

      assertThat(relay.log()).filteredOn(line -> line.startsWith("PATCH ")).hasSize(4);
      assertThat(relay.log()).filteredOn(line -> line.contains("?mount=")).hasSize(2);
      assertThat(shell.keg("pull", "--list", host + "/db")).containsExactly("1");
      assertThat(shell.keg("pull", "--files", host + "/other/db:2"))
          .contains("file      %12d large".formatted(LARGE));
    }
    assertThat(before.differences(TreeDump.of(shell.data("copy")))).isEmpty();
  }

  private static String host(URI endpoint) {
    return endpoint.getRawAuthority();
  }
}
