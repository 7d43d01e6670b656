package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.FakePrograms;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.s3.FakeS3;
import dev.keg.backup.store.s3.S3Environment;
import dev.keg.backup.store.s3.S3Options;
import dev.keg.backup.store.s3.S3Setup;
import dev.keg.registry.record.RecordStore;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.VolumeFilter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests of hosts to S3. */
class RequestsToS3Test {
  /** The server returns ten names a page, others a thousand. */
  private static final int VOLUMES = 35;

  @TempDir private Path home;

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private FakeS3 server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeS3();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RecordStore open(URI endpoint) throws IOException {
    return S3Setup.openRecords(
        new S3Options(FakeS3.BUCKET, "keg", endpoint, null, null, false),
        new S3Environment(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                FakeS3.CREDENTIALS.accessKey(),
                "AWS_SECRET_ACCESS_KEY",
                FakeS3.CREDENTIALS.secretKey()),
            home,
            new FakePrograms(_ -> new FakePrograms.Result(1, "", "")),
            InstantSource.system(),
            new Backoff(new SplittableRandom(1), _ -> {}, _ -> {}),
            StoreLimits.NONE,
            _ -> {}));
  }

  private Host host(String name) throws IOException {
    return new Host(name, files.getPath("/" + name), open(server.endpoint()));
  }

  private static int listed(Host host) {
    return host.volumes
        .list(VolumeFilter.forList(FilterArguments.parse(List.of()), host.volumes.filterContext()))
        .volumes()
        .size();
  }

  @Test
  void a_list_of_what_has_not_changed_asks_for_pages_and_an_inspection_once() throws IOException {
    assertThat(host("web1").shared.init()).isTrue();
    for (int i = 0; i < VOLUMES; i++) {
      SharedCatalogTest.create(host("web1"), "v" + i, "local");
    }
    assertThat(listed(host("web2"))).isEqualTo(VOLUMES);

    server.clearLog();
    assertThat(listed(host("web2"))).isEqualTo(VOLUMES);
    assertThat(server.log()).hasSize(4).allMatch(line -> line.contains("list-type=2"));
    assertThat(server.connections()).isEqualTo(1);

    server.clearLog();
    assertThat(host("web2").volumes.inspect("v7").overview().holders()).isEmpty();
    assertThat(server.log()).singleElement().asString().contains("volumes/v7.json");

    server.clearLog();
    SharedCatalogTest.create(host("web2"), "new", "local");
    assertThat(server.connections()).isEqualTo(1);
  }
}
