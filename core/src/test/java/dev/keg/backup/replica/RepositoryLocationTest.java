package dev.keg.backup.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.nio.file.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class RepositoryLocationTest {
  private final FileSystem files =
      Jimfs.newFileSystem(Configuration.unix().toBuilder().setWorkingDirectory("/work").build());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/srv/backups | Directory[path=/srv/backups]",
        "backups | Directory[path=/work/backups]",
        "./a/../b | Directory[path=/work/b]",
        "file:///srv/a%20b | Directory[path=/srv/a b]",
        "file:///srv/a%3Fb%23c | Directory[path=/srv/a?b#c]",
        "s3://bucket | Bucket[options=S3Options[bucket=bucket, prefix=, endpoint=null, region=null,"
            + " profile=null, virtual=false, lock=PT0S]]",
        "s3://bucket/a/b?region=eu-1&profile=p | Bucket[options=S3Options[bucket=bucket,"
            + " prefix=/a/b, endpoint=null, region=eu-1, profile=p, virtual=false, lock=PT0S]]",
        "s3://b?endpoint=http://127.0.0.1:9000 | Bucket[options=S3Options[bucket=b, prefix=,"
            + " endpoint=http://127.0.0.1:9000, region=null, profile=null, virtual=false,"
            + " lock=PT0S]]",
        "s3://b?endpoint=minio.example:9000&virtual=true | Bucket[options=S3Options[bucket=b,"
            + " prefix=, endpoint=https://minio.example:9000, region=null, profile=null,"
            + " virtual=true, lock=PT0S]]",
        "s3://b?lock=30d | Bucket[options=S3Options[bucket=b, prefix=, endpoint=null, region=null,"
            + " profile=null, virtual=false, lock=PT720H]]",
        "s3://b?virtual=false | Bucket[options=S3Options[bucket=b, prefix=, endpoint=null,"
            + " region=null, profile=null, virtual=false, lock=PT0S]]",
        "ssh://host/srv/b | Remote[target=SshTarget[user=null, host=host, port=0, path=/srv/b]]",
        "ssh://anna@host:2222/~/b | Remote[target=SshTarget[user=anna, host=host, port=2222,"
            + " path=b]]",
        "ssh://[::1]/b | Remote[target=SshTarget[user=null, host=::1, port=0, path=/b]]"
      })
  void a_location_is_a_directory_a_bucket_or_a_directory_elsewhere(String text, String parsed) {
    assertThat(RepositoryLocation.parse(text, files)).hasToString(parsed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | invalid repository: the name is empty",
        "ftp://host/x | invalid repository: unknown scheme in 'ftp://host/x'",
        "file://host/x | invalid repository: 'file://host/x' names a host",
        "s3:///x | invalid repository: no bucket in 's3:///x'",
        "s3://b?endpont=x | invalid repository: unknown parameter 'endpont' in 's3://b?endpont=x'",
        "s3://b?endpoint=ftp://x | invalid repository: invalid endpoint in 'ftp://x'",
        "s3://b?region=a%0d%0aX:y | invalid repository: invalid region in"
            + " 's3://b?region=a%0d%0aX:y'",
        "s3://b?lock=a%20month | invalid repository: invalid lock in 's3://b?lock=a%20month'",
        "s3://b?virtual=yes | invalid repository: invalid virtual in 's3://b?virtual=yes'",
        "s3://b?virtual=True | invalid repository: invalid virtual in 's3://b?virtual=True'",
        "s3://b?lock=30d&lock=1d | invalid repository: 's3://b?lock=30d&lock=1d' has two values for"
            + " lock",
        "s3://b?lock=30d#x | invalid repository: '#x' in 's3://b?lock=30d#x' has no meaning",
        "ssh://h/d?lock=30d | invalid repository: '?lock=30d' in 'ssh://h/d?lock=30d' has no"
            + " meaning",
        "ssh://h/d? | invalid repository: '?' in 'ssh://h/d?' has no meaning",
        "ssh://h/d#x | invalid repository: '#x' in 'ssh://h/d#x' has no meaning",
        "ssh://h/d?password=:secret@x | invalid repository: '?password=********' in"
            + " 'ssh://h/d?password=********' has no meaning",
        "ssh://h/d#token=:secret@x | invalid repository: '#token=********' in"
            + " 'ssh://h/d#token=********' has no meaning",
        "file:///d?lock=30d | invalid repository: '?lock=30d' in 'file:///d?lock=30d' has no"
            + " meaning",
        "file:///d#x | invalid repository: '#x' in 'file:///d#x' has no meaning",
        "ssh://-o:22/a@b | invalid repository: 'ssh://-o:22/a@b': a host cannot have this name",
        "s3://key:secret@b/x | invalid repository: an address must not contain a password",
        "ssh://anna:secret@host/x | invalid repository: an address must not contain a password",
        "ssh://host | invalid repository: 'ssh://host': a directory is missing",
        "ssh:///x | invalid repository: 'ssh:///x': a host cannot have this name",
        "ssh://-oProxyCommand=x/y | invalid repository: 'ssh://-oProxyCommand=x/y': a host cannot"
            + " have this name"
      })
  void what_is_not_a_location_is_refused_and_shows_no_password(String text, String message) {
    assertThatThrownBy(() -> RepositoryLocation.parse(text, files))
        .isInstanceOf(InvalidRepository.class)
        .hasMessage(message)
        .hasMessageNotContaining(":secret@");
  }

  @Test
  void a_lock_where_there_is_none_is_told_where_there_is() {
    assertThatThrownBy(() -> RepositoryLocation.parse("ssh://h/d?lock=30d", files))
        .isInstanceOfSatisfying(
            InvalidRepository.class,
            e ->
                assertThat(e.hint())
                    .contains(
                        "only an S3 address takes parameters; write %3F for a '?' in a name"));
  }
}
