# The image of web, worker, beat and migrate: one image, four commands (see docker-compose.yml).
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/mainstay
COPY requirements/production.txt /tmp/requirements.txt
RUN /opt/mainstay/bin/pip install --require-hashes --only-binary=:all: -r /tmp/requirements.txt
WORKDIR /srv/mainstay
COPY . .
# collectstatic reads the production settings, which want every secret; none of these values stays in the image.
RUN /opt/mainstay/bin/python -m scripts.compile_messages \
    && env DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY=only-while-building ALLOWED_HOSTS=build.example \
        ENCRYPTION_KEYS=build:b25seS13aGlsZS1idWlsZGluZy10aGUtaW1hZ2UtMDA= \
        DATABASE_URL=postgres://build@build.example/build REDIS_URL=redis://build.example/0 \
        /opt/mainstay/bin/python manage.py collectstatic --no-input \
    && /opt/mainstay/bin/python -m compileall -q .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --home-dir /srv/mainstay --shell /usr/sbin/nologin mainstay \
    && mkdir -p /srv/mainstay /srv/files && chown mainstay:mainstay /srv/files
COPY --from=build /opt/mainstay /opt/mainstay
COPY --from=build /srv/mainstay /srv/mainstay
WORKDIR /srv/mainstay
ENV PATH=/opt/mainstay/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    PRIVATE_FILES=/srv/files
USER mainstay
VOLUME /srv/files
EXPOSE 8000
# A shell's exec, so that the number of processes is a variable and gunicorn receives the signals.
CMD ["sh", "-c", "exec gunicorn config.wsgi:application --bind 0.0.0.0:8000 --worker-class gthread --workers ${WEB_PROCESSES:-2} --threads ${WEB_THREADS:-4} --no-control-socket --worker-tmp-dir /dev/shm --graceful-timeout 20 --max-requests 5000 --max-requests-jitter 500"]
