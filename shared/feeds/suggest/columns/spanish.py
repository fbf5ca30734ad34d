"""The words of Spanish column names, without accents, under our words: a second list beside `vocabulary.py`."""

_WORDS = """
arrest: arresto arrestos arrestado arrestada detencion aprehension captura
booking: ingreso ingresos reclusion
release: excarcelacion liberacion egreso salida
number: numero folio clave
date: fecha dia
time: hora
birth: nacimiento nac
maternal: materno
paternal: paterno
first: pila
second: segundo
name: nombre nombres
full: completo
alias: apodo apodos sobrenombre
sex: sexo genero
age: edad
juvenile: menor
state: estado
person: detenido detenida imputado imputada acusado acusada persona
charge: delito delitos cargo cargos infraccion ofensa
statute: articulo articulos ley estatuto
code: codigo
description: descripcion
class: clase clasificacion gravedad severidad
degree: grado
type: tipo
address: direccion calle lugar sitio
home: domicilio residencia vivienda
city: ciudad municipio pueblo localidad
precinct: distrito precinto
beat: zona
latitude: latitud
longitude: longitud
event: evento movimiento accion
case: caso querella expediente incidente denuncia
agency: agencia dependencia
officer: agente oficial policia placa
court: tribunal juez vista audiencia
money: fianza multa
body: estatura peso ojos pelo cabello
contact: telefono correo
housing: celda modulo
life: ocupacion empleo patrono
car: vehiculo tablilla matricula marca modelo
weapon: arma armas
note: comentario comentarios observaciones notas
country: pais
county: condado
"""  # a word of ours, and how Spanish-speaking agencies spell it
WORDS = dict(line.split(": ") for line in _WORDS.strip().splitlines())
WRITTEN_OUT = {"apellido": "last name", "apellidos": "last name"}
STOPWORDS = frozenset("de del la el los las en al".split())
