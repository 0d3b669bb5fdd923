# The page behind gunicorn: non-root, read-only root, kernels compiled inside. See docs/deploy.md.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/saddlescape
RUN python -m venv --without-pip /opt/venv
COPY requirements.lock ./
RUN sed '/^# For tests/,$d' requirements.lock > /tmp/run.lock \
    && pip --python /opt/venv/bin/python install --only-binary :all: --require-hashes -r /tmp/run.lock \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} + \
    && find /opt/venv -name '*.map' -delete
COPY app app
COPY assets assets
COPY simulation simulation
ENV NUMBA_CACHE_DIR=/opt/saddlescape/kernels
RUN /opt/venv/bin/python -m compileall -q app simulation \
    && /opt/venv/bin/python -m app warm

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/saddlescape /opt/saddlescape
WORKDIR /opt/saddlescape
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/opt/saddlescape/kernels \
    HOME=/tmp \
    HOST=0.0.0.0 \
    PORT=8050 \
    LOG_FORMAT=json
USER 10001:10001
EXPOSE 8050
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/venv/bin/python", "-m", "app.server.healthcheck"]
CMD ["/opt/venv/bin/gunicorn", "--config", "python:app.server.gunicorn_conf"]
