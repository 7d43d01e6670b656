package dev.keg.backup.store.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long one request is waited for: as a whole, and for the next byte in either direction. A
 * connection that hangs is found by the latter, however much there is to come.
 */
public final class Patience {
  private final long idle;
  private volatile long last = System.nanoTime();

  /**
   * @param idle how long nothing may happen
   */
  public Patience(Duration idle) {
    this.idle = idle.toNanos();
  }

  private void touch() {
    last = System.nanoTime();
  }

  /**
   * Waits for the answer.
   *
   * @throws TimeoutException with the reason in words
   */
  <T> T await(CompletableFuture<T> answer, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      long now = System.nanoTime();
      long left = Math.min(end - now, last + idle - now);
      if (left <= 0) {
        throw new TimeoutException(
            end - now <= 0
                ? "no answer within " + limit.toSeconds() + " s"
                : "nothing was sent or received for "
                    + TimeUnit.NANOSECONDS.toSeconds(idle)
                    + " s");
      }
      try {
        return answer.get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        // Something may have happened meanwhile.
      }
    }
  }

  public BodyPublisher watching(BodyPublisher body) {
    return new BodyPublisher() {
      @Override
      public long contentLength() {
        return body.contentLength();
      }

      @Override
      public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        body.subscribe(new Watched<>(subscriber));
      }
    };
  }

  <T> BodyHandler<T> watching(BodyHandler<T> handler) {
    return head -> {
      touch();
      return new WatchedBody<>(handler.apply(head));
    };
  }

  private class Watched<T> implements Subscriber<T> {
    private final Subscriber<? super T> subscriber;

    Watched(Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(T item) {
      touch();
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      touch();
      subscriber.onComplete();
    }
  }

  private final class WatchedBody<T> extends Watched<List<ByteBuffer>>
      implements BodySubscriber<T> {
    private final BodySubscriber<T> body;

    WatchedBody(BodySubscriber<T> body) {
      super(body);
      this.body = body;
    }

    @Override
    public CompletionStage<T> getBody() {
      return body.getBody();
    }
  }
}
