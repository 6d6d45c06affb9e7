# One image for the pages and for the projections. The wheel is built with the front-end files inside; Node stays behind.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-dev.txt requirements-node.txt ./
RUN python -m venv /build && /build/bin/pip install --no-cache-dir --require-hashes -r requirements-dev.txt -r requirements-node.txt
COPY . .
RUN /build/bin/python -m build --wheel --no-isolation --outdir /dist

FROM python:3.13-slim
WORKDIR /srv
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY --from=build /dist/*.whl /tmp/
RUN pip install --no-cache-dir --no-deps /tmp/*.whl && rm /tmp/*.whl \
    && useradd --system --user-group --no-create-home crm \
    && install -d -o crm -g crm -m 700 /var/lib/landfall
USER crm
ENV CRM_HOST=0.0.0.0 CRM_DATA_DIR=/var/lib/landfall
VOLUME /var/lib/landfall
EXPOSE 8000
CMD ["crm", "serve"]
